import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { siteOf } from '../../domain/site.ts'
import type { Engine } from '../../engine/engine.ts'

type Settings = Pick<Engine, 'settings'>

/** Of a cookie that stays: browsers keep none longer (RFC 6265bis §5.5). In seconds. */
export const maxAgeMax = 400 * 86_400

export const readCookie = (
  { settings }: Settings,
  { headers }: FastifyRequest,
  name: string,
): string | undefined => parseCookie(headers.cookie ?? '')[siteOf(settings.issuer).cookiePrefix + name]

/** HttpOnly, for this server only. `maxAge` is in seconds; 0 deletes it. */
export function writeCookie(
  { settings }: Settings,
  reply: FastifyReply,
  { name, value, maxAge }: { name: string; value: string; maxAge: number },
): void {
  const { isHttps, cookiePath, cookiePrefix } = siteOf(settings.issuer)
  const attributes = { httpOnly: true, sameSite: 'lax', path: cookiePath, secure: isHttps, maxAge } as const
  reply.header('set-cookie', stringifySetCookie({ name: cookiePrefix + name, value, ...attributes }))
}
