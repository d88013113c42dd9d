import type { KoaContextWithOIDC } from 'oidc-provider'
import { isSessionId } from '../domain/id.ts'
import type { Session } from '../domain/session.ts'
import type { Engine } from '../engine/engine.ts'

/** As `http/session-cookie.ts` writes it. */
const sessionCookies = { https: /(?:^|;\s*)__Host-sumun_session=([^;]+)/, http: /(?:^|;\s*)sumun_session=([^;]+)/ }
const read = new WeakMap<KoaContextWithOIDC, Promise<Session | undefined>>()

/** The session of the house that the library's session stands for; undefined where there is none, or it has ended. Read once a request. */
export function ownSession(engine: Engine, ctx: KoaContextWithOIDC): Promise<Session | undefined> {
  const found = read.get(ctx) ?? find(engine, ctx)
  read.set(ctx, found)
  return found
}

async function find(engine: Engine, { oidc: { session } }: KoaContextWithOIDC): Promise<Session | undefined> {
  if (!session || !isSessionId(session.uid)) return undefined
  const own = await engine.store.sessions.find(session.uid)
  return own?.endedAt === null ? own : undefined
}

/** False where the pages of this browser go on in another session than the library's stands for. */
export function isChosenHere(engine: Engine, ctx: KoaContextWithOIDC, uid: string): boolean {
  const cookie = sessionCookies[engine.settings.issuer.startsWith('https:') ? 'https' : 'http']
  const chosen = engine.sessionCookies.read(cookie.exec(ctx.get('cookie'))?.[1] ?? '')
  return chosen === undefined || !isSessionId(uid) || chosen.sessionId === uid
}
