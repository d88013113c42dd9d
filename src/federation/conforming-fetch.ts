import type { Quirks } from './presets/provider-preset.ts'
import type { UpstreamFetch } from './upstream-fetch.ts'

/** Replies of the token endpoint, as the standard has them (RFC 6749 §5.1). */
export function conforming(upstreamFetch: UpstreamFetch, { conformToken }: Quirks): UpstreamFetch {
  if (!conformToken) return upstreamFetch
  return async (url, options) => {
    const reply = await upstreamFetch(url, options)
    if (options.method !== 'POST' || !reply.ok) return reply
    const body = (await reply
      .clone()
      .json()
      .catch(() => undefined)) as Record<string, unknown> | undefined
    return body === undefined ? reply : Response.json(conformToken(body), { status: reply.status })
  }
}
