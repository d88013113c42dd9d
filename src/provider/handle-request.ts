import type { ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { isEmbedded } from '../domain/embedded-request.ts'
import { siteOf } from '../domain/site.ts'
import type { Exchange } from '../engine/clients/openid-provider.ts'
import { putBack } from './request-body.ts'
import { providerRoutes } from './routes.ts'

const takesTokens = new Set<string>([providerRoutes.introspection, providerRoutes.revocation])

// Composing the library's middleware costs more than most requests.
const listeners = new WeakMap<Provider, ReturnType<Provider['callback']>>()

function listenerOf(provider: Provider): ReturnType<Provider['callback']> {
  const listener = listeners.get(provider) ?? provider.callback()
  listeners.set(provider, listener)
  return listener
}

/**
 * Passes a request to the library, with host and scheme of the issuer instead of the request's. `body`: as it
 * was sent.
 */
export async function serve(
  provider: Provider,
  issuer: string,
  given: Exchange & { source: string; headers: Record<string, string>; body: string | undefined },
): Promise<void> {
  const { request, response, source, headers, body } = given
  const { host, protocol, base } = siteOf(issuer)
  Object.assign(request.headers, {
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-for': source,
  })
  if (base !== '') Object.assign(request, { baseUrl: base })
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (isEmbedded(request.headers)) keepCookiesAway(response)
  const path = request.url?.split('?')[0] ?? ''
  if (body !== undefined) putBack(request, takesTokens.has(path) ? letTokensThrough(body) : body)
  await listenerOf(provider)(request, response)
}

/**
 * The library refuses JWTs at introspection and revocation, so ours are passed with tildes for dots. A token
 * that was sent with tildes is not ours.
 */
const letTokensThrough = (body: string): string =>
  body.replaceAll(/(^|&)token=([^&]*)/g, (_, start: string, token: string) =>
    /~|%7e/i.test(token) ? `${start}token=none` : `${start}token=${token.replaceAll(/\.|%2e/gi, '~')}`,
  )

function keepCookiesAway(response: ServerResponse): void {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    name.toLowerCase() === 'set-cookie' ? response : setHeader(name, value)
}
