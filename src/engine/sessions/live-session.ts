import { daysToMilliseconds } from '../../domain/clock.ts'
import type { SessionId } from '../../domain/id.ts'
import { isLive, type Session } from '../../domain/session.ts'
import type { SessionNeeds } from './needs.ts'

const touchMilliseconds = 3_600_000

/** The parameters of every statement about live sessions. Milliseconds since the epoch. */
export function liveness({ clock, settings }: Pick<SessionNeeds, 'clock' | 'settings'>): {
  now: number
  idleSince: number
} {
  const now = clock.now()
  return { now, idleSince: now - daysToMilliseconds(settings.sessionIdleDays) }
}

/** The session if it is live; undefined if it is unknown, has ended or expired, or was idle for too long. */
export async function findLiveSession(
  engine: SessionNeeds,
  { id, now }: { id: SessionId; now: number },
): Promise<Session | undefined> {
  const session = await engine.store.sessions.find(id)
  return session && isUsable(engine, session, now) ? session : undefined
}

/** The same for a session in memory. A session that rests on an API key is not a user's. */
export const isUsable = (
  engine: Pick<SessionNeeds, 'settings' | 'methods'>,
  session: Session,
  now: number,
): boolean =>
  isLive(session, { now, idleDays: engine.settings.sessionIdleDays }) && !restsOnKey(engine, session)

export const restsOnKey = (
  { methods }: Pick<SessionNeeds, 'methods'>,
  { origin, evidence }: Pick<Session, 'origin' | 'evidence'>,
): boolean => origin !== 'key' && evidence.some(({ method }) => methods.find(method)?.bearer !== undefined)

/** Updates the time of last use, at most once an hour. */
export async function touchSession(
  { store }: SessionNeeds,
  { id, usedAt, refreshedAt }: Session,
  now: number,
): Promise<void> {
  const before = now - touchMilliseconds
  if (Math.max(usedAt, refreshedAt) < before) await store.sessions.touch({ id, now, before })
}
