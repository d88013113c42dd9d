import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { AccountId, SessionId } from '../domain/id.ts'
import type { Session, SessionEnding } from '../domain/session.ts'
import type { Aggregates } from '../store/store.ts'
import type { Engine } from './engine.ts'

const clockSkewMilliseconds = 60_000

/** No access token signed up to now can be good after this; then the revocation may be forgotten. */
export const forgetAt = ({ clock, settings }: Pick<Engine, 'clock' | 'settings'>): number =>
  clock.now() + settings.accessTokenSeconds * 1000 + clockSkewMilliseconds

/** Ends one session. Its tokens are refused here at once and on every node within a second. False where it had ended. */
export async function endSession(
  engine: Engine,
  { session, ending, actor }: { session: Pick<Session, 'id' | 'accountId'>; ending: SessionEnding; actor: string },
): Promise<boolean> {
  const forget = forgetAt(engine)
  const ended = await engine.store.transaction(async (tx) => {
    if (!(await tx.sessions.end({ id: session.id, accountId: session.accountId, ending, now: engine.clock.now(), forgetAt: forget })))
      return false
    const kind = ending === 'refresh_reuse' ? 'session.refresh_reused' : 'session.ended'
    await engine.audit.record(tx, { kind, actor, subject: session.accountId, details: { session: session.id, ending } })
    return true
  })
  if (ended) await engine.revocations.poll() // with what its clients hold
  return ended
}

/** One token by itself, such as a program's own. */
export async function revokeToken(engine: Engine, claims: AccessTokenClaims): Promise<void> {
  const { jti, client_id: clientId, status } = claims
  const place = status?.status_list
  const revocation = {
    subject: jti,
    status: place ? `${place.uri.slice(place.uri.lastIndexOf('/') + 1)}/${place.idx}` : null,
    forgetAt: claims.exp * 1000 + clockSkewMilliseconds,
  }
  await engine.store.transaction(async (tx) => {
    await tx.revocations.add({ ...revocation, now: engine.clock.now() })
    await engine.audit.record(tx, { kind: 'token.revoked', actor: clientId, subject: clientId, details: { jti } })
  })
  engine.revocations.add(revocation)
}

/** Ends all of an account's sessions but one. Returns how many. */
export async function endSessions(
  engine: Engine,
  end: { accountId: AccountId; except: SessionId | null; ending: SessionEnding; actor: string },
): Promise<number> {
  const count = await engine.store.transaction((tx) => endSessionsIn(engine, tx, end))
  if (count > 0) await engine.revocations.poll()
  return count
}

/** The same within a larger change; the caller lets the feed read afterwards. */
export async function endSessionsIn(
  engine: Pick<Engine, 'clock' | 'settings' | 'audit'>,
  tx: Aggregates,
  { accountId, except, ending, actor }: { accountId: AccountId; except: SessionId | null; ending: SessionEnding; actor: string },
): Promise<number> {
  const count = await tx.sessions.endAll({ accountId, except, ending, now: engine.clock.now(), forgetAt: forgetAt(engine) })
  if (count > 0) await engine.audit.record(tx, { kind: 'session.ended', actor, subject: accountId, details: { count, ending } })
  return count
}
