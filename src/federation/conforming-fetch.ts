import type { Quirks } from './presets/provider-preset.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

type Body = Record<string, unknown>

/**
 * Replies of the token endpoint as the standard has them (RFC 6749 §5.1), and a discovery document that names
 * the revocation endpoint.
 */
export function conforming(upstreamFetch: UpstreamFetch, quirks: Quirks): UpstreamFetch {
  const { conformToken, revocationPath } = quirks
  if (!conformToken && revocationPath === undefined) return upstreamFetch
  return async (url, options) => {
    const reply = await upstreamFetch(url, options)
    const conform = options.method === 'POST' ? conformToken : isDiscovery(url) && discoveryWith(quirks)
    if (!reply.ok || !conform) return reply
    const body = (await reply
      .clone()
      .json()
      .catch(() => undefined)) as Body | undefined
    return body === undefined ? reply : Response.json(conform(body), { status: reply.status })
  }
}

const isDiscovery = (url: string): boolean => url.endsWith('/.well-known/openid-configuration')

const discoveryWith =
  ({ revocationPath }: Quirks) =>
  (document: Body): Body =>
    revocationPath === undefined || typeof document.token_endpoint !== 'string'
      ? document
      : { revocation_endpoint: new URL(revocationPath, document.token_endpoint).href, ...document }
