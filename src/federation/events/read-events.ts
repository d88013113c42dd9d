import type { JWTPayload } from 'jose'
import { type UpstreamEvents, UpstreamFault } from '../../domain/connection.ts'
import { actionOf } from './event-actions.ts'

const eventsMax = 10
const textLengthMax = 255

interface Subject {
  iss?: unknown
  sub?: unknown
}

/**
 * The events of a verified token (RFC 8417 §2.2): a security event, a logout token (OIDC Back-Channel Logout
 * §2.4), or a notification of Apple. Throws UpstreamFault if it is none, or has no subject of this issuer.
 */
export function readEvents(claims: JWTPayload, issuer: string): UpstreamEvents {
  const { jti, iat, nonce } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > textLengthMax || typeof iat !== 'number')
    throw new UpstreamFault('invalid', 'jti and iat are required')
  // An ID token is no logout token (§2.4).
  if (nonce !== undefined) throw new UpstreamFault('invalid', 'nonce is not allowed')
  const all = Object.entries(eventsOf(claims.events))
  if (all.length === 0 || all.length > eventsMax) throw new UpstreamFault('invalid', 'there are no events')
  const events = all.map(([kind, event]) => ({
    kind: kind.slice(0, textLengthMax),
    action: actionOf(kind),
    subject: subjectOf(claims, event, issuer),
  }))
  return { id: jti, events }
}

/** Apple sends one event, as text. */
function eventsOf(events: unknown): Record<string, unknown> {
  const given = typeof events === 'string' ? parsed(events) : events
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return {}
  const { type } = given as { type?: unknown }
  return typeof type === 'string' ? { [type]: given } : (given as Record<string, unknown>)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In the token, in `sub_id` (RFC 9493), or in the event itself. */
function subjectOf(claims: JWTPayload, event: unknown, issuer: string): string {
  const own = (event ?? {}) as { subject?: Subject; sub?: unknown }
  const places = [claims as Subject, claims.sub_id as Subject | undefined, own.subject, { sub: own.sub }]
  const found = places.find((one) => typeof one?.sub === 'string')
  const isOurs = found?.iss === undefined || found.iss === issuer
  if (typeof found?.sub !== 'string' || found.sub === '' || found.sub.length > textLengthMax || !isOurs)
    throw new UpstreamFault('invalid', 'there is no subject of this issuer')
  return found.sub
}
