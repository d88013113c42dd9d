import type { AccessTokenClaims } from '../../crypto/access-token.ts'
import type { AccountId, CredentialId, SessionId } from '../../domain/id.ts'
import type { Session, SessionEnding } from '../../domain/session.ts'
import { allOrNothing } from '../../store/all-or-nothing.ts'
import { systemRequester } from '../request-context.ts'
import type { SessionNeeds, SessionTransaction } from './needs.ts'

const clockSkewMilliseconds = 60_000

/** No access token signed so far is valid after this; then the revocation can be deleted. */
export const revocationExpiresAt = ({ clock, settings }: Pick<SessionNeeds, 'clock' | 'settings'>): number =>
  clock.now() + settings.accessTokenSeconds * 1000 + clockSkewMilliseconds

/**
 * Ends one session. Its tokens are refused here at once and on every node within a second. False if it had
 * ended.
 */
export async function endSession(engine: SessionNeeds, end: SessionEnd): Promise<boolean> {
  const ended = await allOrNothing(engine.store, (tx) => endSessionIn(engine, tx, end))
  if (ended) await engine.revocations.poll() // including the grants of its clients
  return ended
}

interface SessionEnd {
  session: Pick<Session, 'id' | 'accountId'>
  ending: SessionEnding
  actor: string
}

/**
 * A sign-out keeps offline grants, such as a television that was authorized in the session; a security event
 * ends them.
 */
const keepsOffline: ReadonlySet<SessionEnding> = new Set(['signed_out', 'signed_out_elsewhere'])

/** The same within a larger transaction; the caller polls the feed afterwards. */
export async function endSessionIn(
  engine: SessionNeeds,
  tx: SessionTransaction,
  { session, ending, actor }: SessionEnd,
): Promise<boolean> {
  const offline = keepsOffline.has(ending) ? 'stays' : 'ends'
  const end = {
    id: session.id,
    accountId: session.accountId,
    ending,
    offline,
    now: engine.clock.now(),
    revocationExpiresAt: revocationExpiresAt(engine),
  } as const
  if (!(await tx.sessions.end(end))) return false
  const kind = ending === 'refresh_reuse' ? 'session.refresh_reused' : 'session.ended'
  await engine.audit.record(tx, {
    kind,
    actor,
    subject: session.accountId,
    details: { session: session.id, ending },
  })
  const account = ending === 'refresh_reuse' ? await tx.accounts.find(session.accountId) : undefined
  if (account)
    await engine.notify(tx, { account, notice: 'refresh_reused', requester: systemRequester(engine) })
  return true
}

/**
 * Ends the sessions that rest on a removed credential; the current session continues without that evidence.
 * Returns how many ended.
 */
export async function endResting(
  engine: SessionNeeds,
  tx: SessionTransaction,
  given: {
    accountId: AccountId
    credentialId: CredentialId
    except: SessionId | null
    current: Session | null
    actor: string
    ending?: SessionEnding
  },
): Promise<number> {
  const { accountId, credentialId, except, current, actor, ending = 'credential_removed' } = given
  const resting = await tx.sessions.listResting({ accountId, credentialId, except, now: engine.clock.now() })
  for (const id of resting) await endSessionIn(engine, tx, { session: { id, accountId }, ending, actor })
  const left = current?.evidence.filter((piece) => piece.credentialId !== credentialId)
  if (current && left && left.length < current.evidence.length)
    await tx.sessions.setEvidence({ session: current, evidence: left })
  return resting.length
}

/** One token by itself, such as a program's own. */
export async function revokeToken(engine: SessionNeeds, claims: AccessTokenClaims): Promise<void> {
  const { jti, client_id: clientId, status } = claims
  const place = status?.status_list
  const revocation = {
    subject: jti,
    status: place ? `${place.uri.slice(place.uri.lastIndexOf('/') + 1)}/${place.idx}` : null,
    revocationExpiresAt: claims.exp * 1000 + clockSkewMilliseconds,
  }
  await engine.store.transaction(async (tx) => {
    await tx.revocations.add({ ...revocation, now: engine.clock.now() })
    await engine.audit.record(tx, {
      kind: 'token.revoked',
      actor: clientId,
      subject: clientId,
      details: { jti },
    })
  })
  engine.revocations.add(revocation)
}

/** Ends all of an account's sessions but one. Returns how many. */
export async function endSessions(
  engine: SessionNeeds,
  end: { accountId: AccountId; except: SessionId | null; ending: SessionEnding; actor: string },
): Promise<number> {
  const count = await engine.store.transaction((tx) => endSessionsIn(engine, tx, end))
  if (count > 0) await engine.revocations.poll()
  return count
}

/**
 * The same within a larger transaction; the caller polls the feed afterwards. Also closes the account's
 * attempts with evidence, and withdraws codes and links that were sent. If one session stays, what its owner
 * began in it stays too.
 */
export async function endSessionsIn(
  engine: Pick<SessionNeeds, 'clock' | 'settings' | 'audit'>,
  tx: SessionTransaction,
  {
    accountId,
    except,
    ending,
    actor,
  }: { accountId: AccountId; except: SessionId | null; ending: SessionEnding; actor: string },
): Promise<number> {
  const now = engine.clock.now()
  const count = await tx.sessions.endAll({
    accountId,
    except,
    ending,
    now,
    revocationExpiresAt: revocationExpiresAt(engine),
  })
  await tx.attempts.closeOfAccount({ accountId, now })
  await tx.tickets.withdrawOfAccount({ accountId, what: except === null ? 'everything' : 'challenges', now })
  if (count > 0)
    await engine.audit.record(tx, {
      kind: 'session.ended',
      actor,
      subject: accountId,
      details: { count, ending },
    })
  return count
}
