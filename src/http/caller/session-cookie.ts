import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Engine } from '../../engine/engine.ts'
import { findLiveSession, touchSession } from '../../engine/sessions/live-session.ts'
import { readCookie, writeCookie } from './cookie.ts'
import { requesterOf } from './requester.ts'
import { isFromThisSite, isNavigation } from './same-site.ts'

const name = 'sumun_session'
/** Sessions of other accounts on this browser; each can be chosen again. */
const othersName = 'sumun_accounts'
const separator = '~'
const othersMax = 5

/**
 * Sets the session cookie; other accounts that are signed in on this browser can be chosen again. Refused for
 * another site's script or form, which could sign a victim in to another account (login CSRF).
 */
export function setSessionCookie(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
): void {
  if (!isFromThisSite(engine, request)) return
  keep(engine, request, reply, { session, others: valuesOf(engine, request) })
}

/** Whether the browser holds a session of ours, live or not: no database is asked. */
export const holdsSession = (engine: Engine, request: FastifyRequest): boolean =>
  valuesOf(engine, request).some((value) => engine.sessionCookies.read(value) !== undefined)

/** Switches to another account of this browser. Undefined if it is no longer signed in here. */
export async function switchSession(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  id: SessionId,
): Promise<Session | undefined> {
  const values = valuesOf(engine, request)
  const chosen = values.find((value) => engine.sessionCookies.read(value)?.sessionId === id)
  const session = chosen === undefined ? undefined : await liveSession(engine, request, chosen)
  if (session) keep(engine, request, reply, { session, others: values })
  return session
}

function keep(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  { session, others }: { session: Session; others: readonly string[] },
): void {
  const maxAge = Math.floor((session.expiresAt - requesterOf(engine, request).now) / 1000)
  writeCookie(engine, reply, { name, value: engine.sessionCookies.issue(session), maxAge })
  const kept = others
    .filter((value) => ![undefined, session.id].includes(engine.sessionCookies.read(value)?.sessionId))
    .slice(0, othersMax)
  if (others.length > 0)
    writeCookie(engine, reply, {
      name: othersName,
      value: kept.join(separator),
      maxAge: kept.length > 0 ? maxAge : 0,
    })
}

/** The current one first, where there is one. */
const valuesOf = (engine: Engine, request: FastifyRequest): string[] =>
  [
    readCookie(engine, request, name),
    ...(readCookie(engine, request, othersName) ?? '').split(separator),
  ].filter((value): value is string => value !== undefined && value !== '')

export const clearSessionCookie = (engine: Engine, reply: FastifyReply): void =>
  writeCookie(engine, reply, { name, value: '', maxAge: 0 })

/** The live session this browser holds. Throws `cross_site_request` if another site sent it. */
export async function sessionOfCookie(engine: Engine, request: FastifyRequest): Promise<Session | undefined> {
  const value = readCookie(engine, request, name)
  if (value === undefined || !engine.sessionCookies.read(value)) return undefined
  if (!isFromThisSite(engine, request) && !isNavigation(request)) throw new Problem('cross_site_request')
  return liveSession(engine, request, value)
}

/** Every live session of this browser, one an account, the current one first. For pages only. */
export async function sessionsOfBrowser(engine: Engine, request: FastifyRequest): Promise<Session[]> {
  if (!isFromThisSite(engine, request) && !isNavigation(request)) return []
  const sessions = await Promise.all(
    valuesOf(engine, request).map((value) => liveSession(engine, request, value)),
  )
  const byAccount = new Map<string, Session>()
  for (const session of sessions)
    if (session && !byAccount.has(session.accountId)) byAccount.set(session.accountId, session)
  return [...byAccount.values()]
}

async function liveSession(
  engine: Engine,
  request: FastifyRequest,
  value: string,
): Promise<Session | undefined> {
  const { now } = requesterOf(engine, request)
  const claim = engine.sessionCookies.read(value)
  const session = claim && (await findLiveSession(engine, { id: claim.sessionId, now }))
  if (session?.authenticatedAt !== claim?.authenticatedAt || session?.origin === 'key') return undefined
  if (session) await touchSession(engine, session, now)
  return session
}
