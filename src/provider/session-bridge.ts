import type { KoaContextWithOIDC } from 'oidc-provider'
import { isSessionId, type SessionId } from '../domain/id.ts'
import type { Session } from '../domain/session.ts'
import { siteOf } from '../domain/site.ts'
import type { Engine } from '../engine/engine.ts'
import { findLiveSession, touchSession } from '../engine/sessions/live-session.ts'

/** As `http/caller/session-cookie.ts` writes it. */
const sessionCookies = {
  '__Host-': /(?:^|;\s*)__Host-sumun_session=([^;]+)/,
  '__Secure-': /(?:^|;\s*)__Secure-sumun_session=([^;]+)/,
  '': /(?:^|;\s*)sumun_session=([^;]+)/,
} as const
const read = new WeakMap<KoaContextWithOIDC, Promise<Session | undefined>>()

/**
 * Our session behind the library's session; undefined if there is none, or it has ended. Read once a request.
 */
export function ownSession(engine: Engine, ctx: KoaContextWithOIDC): Promise<Session | undefined> {
  const found = read.get(ctx) ?? find(engine, ctx)
  read.set(ctx, found)
  return found
}

async function find(engine: Engine, { oidc: { session } }: KoaContextWithOIDC): Promise<Session | undefined> {
  if (!session || !isSessionId(session.uid)) return undefined
  const now = engine.clock.now()
  const own = await findLiveSession(engine, { id: session.uid, now })
  if (own) await touchSession(engine, own, now)
  return own
}

/** The session id of this browser's cookie; undefined without one. */
export function chosenSession(engine: Engine, ctx: KoaContextWithOIDC): SessionId | undefined {
  const cookie = sessionCookies[siteOf(engine.settings.issuer).cookiePrefix]
  return engine.sessionCookies.read(cookie.exec(ctx.get('cookie'))?.[1] ?? '')?.sessionId
}

/** False if the browser's cookie names another session than the library's. */
export function isChosenHere(engine: Engine, ctx: KoaContextWithOIDC, uid: string): boolean {
  const chosen = chosenSession(engine, ctx)
  return chosen === undefined || !isSessionId(uid) || chosen === uid
}
