import type { FastifyRequest } from 'fastify'
import { siteOf } from '../../domain/site.ts'
import { isZone } from '../../domain/zone.ts'
import type { Engine } from '../../engine/engine.ts'
import { maxAgeMax, readCookie } from './cookie.ts'

/** Written by the script of our pages (`pages/scripts/show-times.ts`). */
const name = 'sumun_zone'

/** What the script writes, with the zone in place of `{zone}`. */
export function zoneCookie({ settings }: Pick<Engine, 'settings'>): string {
  const { isHttps, cookiePath, cookiePrefix } = siteOf(settings.issuer)
  const cookie = `${cookiePrefix}${name}={zone}; Path=${cookiePath}; Max-Age=${maxAgeMax}; SameSite=Lax`
  return isHttps ? `${cookie}; Secure` : cookie
}

/** The time zone of the browser, as its script said; null if it did not, or said anything else. */
export function zoneOf(engine: Engine, request: FastifyRequest): string | null {
  const value = readCookie(engine, request, name)
  return value !== undefined && isZone(value) ? value : null
}
