import { claiming } from '../../domain/evidence.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Requester } from '../request-context.ts'
import { actingUnder } from '../sessions/authority.ts'
import { accountScope, beginningSession, type KeyToken, tokenForKey } from '../sessions/issue-tokens.ts'
import { isUsable } from '../sessions/live-session.ts'
import { type BearerCredential, checkBearerCredential } from './bearer-credential.ts'
import type { CredentialNeeds } from './needs.ts'

/**
 * Exchanges an API key for a short-lived token, for services that verify tokens themselves: at most the key's
 * scopes, no authentication claims, no refresh token. It ends with the key. Throws `invalid_token`,
 * `insufficient_scope`.
 */
export async function exchangeKey(
  engine: CredentialNeeds,
  given: { key: string; scope: string | undefined; requester: Requester },
): Promise<KeyToken> {
  const key = await checkBearerCredential(engine, given.key, given.requester.source)
  const held = (key.scope === '' ? accountScope : key.scope).split(' ')
  const asked = given.scope === undefined ? held : given.scope.split(' ').filter(Boolean)
  const beyond = asked.find((scope) => !held.includes(scope))
  if (beyond !== undefined || asked.length === 0)
    throw new Problem('insufficient_scope', { extensions: { scope: held.join(' ') } })
  const session = await sessionOfKey(engine, {
    key,
    scope: [...new Set(asked)].join(' '),
    requester: given.requester,
  })
  return tokenForKey(engine, session, given.requester.now)
}

/** One session for each key and scope, reused while it lives: a program may ask often. */
async function sessionOfKey(
  engine: CredentialNeeds,
  { key, scope, requester }: { key: BearerCredential; scope: string; requester: Requester },
): Promise<Session> {
  const { account, credentialId } = key
  const { now } = requester
  const former = await engine.store.sessions.findOfKey({ accountId: account.id, credentialId, scope, now })
  const lifetime = engine.settings.accessTokenSeconds * 1000
  if (former && isUsable(engine, former, now) && former.expiresAt >= now + lifetime) return former
  const session = draft(engine, {
    key,
    scope,
    requester,
    status: await engine.statuses.next('session'),
    expiresAt: now + 2 * lifetime,
  })
  await actingUnder(engine, { key: { accountId: account.id, credentialId } }).store.transaction(
    async (tx) => {
      await tx.sessions.insert(session)
      const details = {
        method: key.method,
        credential: credentialId,
        session: session.id,
        source: requester.source,
      }
      await engine.audit.record(tx, {
        kind: 'token.issued_for_key',
        actor: account.id,
        subject: account.id,
        details,
      })
    },
  )
  return session
}

function draft(
  engine: CredentialNeeds,
  given: { key: BearerCredential; scope: string; requester: Requester; status: string; expiresAt: number },
): Session {
  const { key, scope, requester, status, expiresAt } = given
  const { account, method, credentialId } = key
  const begun = beginningSession(engine, { account, requester, status })
  const nothing = claiming({ amr: [], factors: [] })
  return {
    ...begun,
    scope,
    acr: 'aal1', // not in the token: no one was authenticated
    amr: [],
    evidence: [
      { ...nothing, method, accountId: account.id, credentialId, identifier: null, at: begun.createdAt },
    ],
    origin: 'key',
    expiresAt: Math.min(expiresAt, key.expiresAt ?? expiresAt),
  }
}
