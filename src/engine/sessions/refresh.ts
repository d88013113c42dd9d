import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { type TokenPair, tokensFor } from './issue-tokens.ts'
import { isUsable, liveness, restsOnKey } from './live-session.ts'
import type { SessionNeeds } from './needs.ts'
import { endSession } from './revoke.ts'

/**
 * Redeems a refresh token. The current one rotates by compare-and-swap. The one before it gets the same
 * successor again within the grace period, unless a step-up came between. Anything older may be stolen, and
 * ends the session (RFC 9700 §4.14.2). Throws `invalid_refresh_token`.
 */
export async function refresh(
  engine: SessionNeeds,
  token: string,
): Promise<{ tokens: TokenPair; session: Session }> {
  const claim = engine.refreshTokens.read(token)
  if (!claim) throw new Problem('invalid_refresh_token')
  const { now, idleSince } = liveness(engine)
  const rotation = await engine.store.sessions.rotate({
    id: claim.sessionId,
    counter: claim.counter,
    now,
    idleSince,
  })
  if (rotation.outcome === 'rotated' && restsOnKey(engine, rotation.session)) {
    await endSession(engine, { session: rotation.session, ending: 'credential_removed', actor: 'system' })
    throw new Problem('invalid_refresh_token')
  }
  if (rotation.outcome === 'rotated')
    return { tokens: tokensFor(engine, rotation.session, now), session: rotation.session }

  const session = await engine.store.sessions.find(claim.sessionId)
  if (!session || !isUsable(engine, session, now) || session.counter <= claim.counter)
    throw new Problem('invalid_refresh_token')
  if (session.counter === claim.counter + 1 && now - session.refreshedAt < graceMilliseconds(engine)) {
    // Issued before the last step-up: its holder may not be the one who proved it.
    if (session.refreshedAt === session.authenticatedAt) throw new Problem('invalid_refresh_token')
    return { tokens: tokensFor(engine, session, now), session }
  }
  await endSession(engine, { session, ending: 'refresh_reuse', actor: 'system' })
  throw new Problem('invalid_refresh_token', { cause: 'reused' })
}

const graceMilliseconds = ({ settings }: SessionNeeds): number =>
  Math.min(settings.refreshGraceSeconds, settings.policy.limits.refreshGraceSecondsMax) * 1000
