import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../engine/engine.ts'

type Site = Pick<Engine, 'settings'>

const isHttps = ({ settings }: Site): boolean => settings.issuer.startsWith('https:')
/** `__Host-` keeps a sibling domain from planting one; browsers take it on https only (RFC 6265bis §4.1.3.2). */
const nameOn = (site: Site, name: string): string => (isHttps(site) ? `__Host-${name}` : name)

export const readCookie = (site: Site, { headers }: FastifyRequest, name: string): string | undefined =>
  parseCookie(headers.cookie ?? '')[nameOn(site, name)]

/** For this host alone, out of reach of scripts. `maxAge` is in seconds; 0 takes it away. */
export function writeCookie(
  site: Site,
  reply: FastifyReply,
  { name, value, maxAge }: { name: string; value: string; maxAge: number },
): void {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps(site), maxAge } as const
  reply.header('set-cookie', stringifySetCookie({ name: nameOn(site, name), value, ...attributes }))
}
