import type { FastifyRequest } from 'fastify'
import { isEmbedded, isNavigating } from '../../domain/embedded-request.ts'
import { siteOf } from '../../domain/site.ts'
import type { Engine } from '../../engine/engine.ts'

type Site = Pick<Engine, 'settings'>

/**
 * Browsers say where a request comes from: by Fetch Metadata on https, and elsewhere, or where a proxy strips
 * them, by Origin; where that is withheld, by Referer. A request that has none of them is not from a browser.
 */
export function isFromThisSite({ settings }: Site, { headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin } = siteOf(settings.issuer)
  if (headers.origin === 'null' && headers.referer !== undefined)
    return headers.referer.startsWith(`${origin}/`)
  return headers.origin === undefined || headers.origin === origin
}

/**
 * The user follows a link or a redirect to a page of ours, from any site: that changes nothing, and only they
 * see the reply (Fetch Metadata §2.2, §2.3).
 */
export const isNavigation = ({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean =>
  (method === 'GET' || method === 'HEAD') && isNavigating(headers)

/**
 * Whether this browser's cookies may be read and set: never for what another site's page embeds or sends
 * (CWE-352).
 */
export function mayUseCookies(site: Site, request: FastifyRequest): boolean {
  return isFromThisSite(site, request)
    ? request.method !== 'GET' || !isEmbedded(request.headers)
    : isNavigation(request)
}
