import type { FastifyReply, FastifyRequest } from 'fastify'
import { siteOf } from '../../domain/site.ts'
import type { Engine } from '../../engine/engine.ts'
import { pagePolicy, renderPage } from '../../pages/layout.ts'
import type { PageContent } from '../../pages/page-content.ts'
import { pageLocale } from '../caller/locale.ts'
import { zoneCookie, zoneOf } from '../caller/zone.ts'

const nonceBytes = 16

/** Sends a page in the reader's language, with a strict Content-Security-Policy. */
export function showPage(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  content: PageContent,
): FastifyReply {
  const nonce = engine.random.bytes(nonceBytes).toString('base64')
  const locale = content.locale ?? pageLocale(request)
  reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy(nonce, content.postsTo && `${content.postsTo} https:`))
  // With `no-referrer` a browser sends `Origin: null` with our own forms (Fetch §3.2), and off https it sends
  // no Fetch Metadata beside it.
  reply.header('referrer-policy', 'same-origin')
  return reply.send(
    renderPage(content, {
      siteName: engine.settings.siteName,
      brand: engine.settings.brand,
      locale,
      path: request.url,
      base: siteOf(engine.settings.issuer).base,
      zone: zoneOf(engine, request),
      zoneCookie: zoneCookie(engine),
      nonce,
    }),
  )
}
