import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { CredentialId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import type { CredentialNeeds } from './needs.ts'

const usedEveryMilliseconds = 60_000

/** Whether a bearer token is an API key, by its prefix. */
export const isBearerCredential = ({ methods }: Pick<CredentialNeeds, 'methods'>, token: string): boolean =>
  !token.startsWith('ey') &&
  methods.list.some(({ bearer }) => bearer !== undefined && token.startsWith(bearer.prefix))

/** A program's key, and what it may do. */
export interface BearerCredential {
  account: AccountWithIdentifiers
  credentialId: CredentialId
  method: string
  /** Empty: what the account may do. */
  scope: string
  expiresAt: number | null
}

/**
 * The key's account and scope, read each time, so that removal takes effect at once. Throws `invalid_token`,
 * and `too_many_attempts` after too many invalid keys from one source.
 */
export async function checkBearerCredential(
  engine: CredentialNeeds,
  token: string,
  source: string,
): Promise<BearerCredential> {
  try {
    return await check(engine, token)
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_token') await noteRefusal(engine, source)
    throw error
  }
}

/** In the audit log once a minute for each source. Throws `too_many_attempts`. */
async function noteRefusal(engine: CredentialNeeds, source: string): Promise<void> {
  if (await engine.rateLimits.mayNote(`key ${source}`))
    await engine.store.transaction((tx) =>
      engine.audit.record(tx, {
        kind: 'api_key.refused',
        actor: 'anonymous',
        subject: null,
        outcome: 'failure',
        details: { source },
      }),
    )
  await engine.rateLimits.admitWrongKey(source)
}

async function check(engine: CredentialNeeds, token: string): Promise<BearerCredential> {
  const method = engine.methods.list.find(({ bearer }) => bearer && token.startsWith(bearer.prefix))
  const lookup = method?.bearer?.lookupOf(token)
  const credential =
    method && lookup !== undefined
      ? await engine.store.credentials.findByLookup(method.id, lookup)
      : undefined
  const now = engine.clock.now()
  const granted =
    credential && method?.bearer?.check({ now, secrets: engine.methods.secrets }, credential, token)
  if (!method || !credential || !granted || credential.disabledAt !== null || credential.suspendedAt !== null)
    throw new Problem('invalid_token', { cause: 'credential' })
  const account = await engine.store.accounts.find(credential.accountId)
  if (account?.state !== 'active') throw new Problem('invalid_token', { cause: 'account' })
  if ((credential.lastUsedAt ?? 0) < now - usedEveryMilliseconds)
    await engine.store.credentials.markUsed({ id: credential.id, isKnownPlace: false, now })
  return { account, credentialId: credential.id, method: method.id, ...granted }
}
