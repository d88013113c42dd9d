import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../domain/problem.ts'
import type { Session } from '../domain/session.ts'
import type { Engine } from '../engine/engine.ts'
import { readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_session'

/** Lets this browser's pages go on in the session. Not for another site's script or form, which could sign a victim in as somebody else. */
export function setSessionCookie(engine: Engine, request: FastifyRequest, reply: FastifyReply, session: Session): void {
  if (!isFromThisSite(engine, request)) return
  const maxAge = Math.floor((session.expiresAt - engine.clock.now()) / 1000)
  writeCookie(engine, reply, { name, value: engine.sessionCookies.issue(session), maxAge })
}

export const clearSessionCookie = (engine: Engine, reply: FastifyReply): void => writeCookie(engine, reply, { name, value: '', maxAge: 0 })

/** The live session this browser holds. Throws `cross_site_request` where another site sent it. */
export async function sessionOfCookie(engine: Engine, request: FastifyRequest): Promise<Session | undefined> {
  const value = readCookie(engine, request, name)
  const claim = value === undefined ? undefined : engine.sessionCookies.read(value)
  if (!claim) return undefined
  if (!isFromThisSite(engine, request) && !isNavigation(request)) throw new Problem('cross_site_request')
  const session = await engine.store.sessions.find(claim.sessionId)
  const isLive =
    session && session.endedAt === null && session.expiresAt > engine.clock.now() && session.authenticatedAt === claim.authenticatedAt
  return isLive ? session : undefined
}

/**
 * Somebody follows a link or a redirect to a page of ours, from wherever: nothing is changed by that, and only they see the
 * reply (Fetch Metadata §2.2, §2.3).
 */
export const isNavigation = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'

/** Browsers say where a request comes from (Fetch Metadata, and Origin in older ones); whoever says nothing is no browser. */
export function isFromThisSite(engine: Engine, { headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return headers.origin === undefined || headers.origin === new URL(engine.settings.issuer).origin
}
