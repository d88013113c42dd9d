import type { Provider } from 'oidc-provider'
import type { Exchange } from '../engine/openid-provider.ts'
import { putBack, readBody } from './request-body.ts'
import { providerRoutes } from './routes.ts'

const takesTokens = new Set<string>([providerRoutes.introspection, providerRoutes.revocation])

let known: { issuer: string; url: URL } | undefined

/** Parsed once: there is one issuer. */
function addressOf(issuer: string): URL {
  if (known?.issuer !== issuer) known = { issuer, url: new URL(issuer) }
  return known.url
}

// Composing the library's middleware costs more than most requests.
const listeners = new WeakMap<Provider, ReturnType<Provider['callback']>>()

function listenerOf(provider: Provider): ReturnType<Provider['callback']> {
  const listener = listeners.get(provider) ?? provider.callback()
  listeners.set(provider, listener)
  return listener
}

/** One request for the library, which would otherwise believe whatever host and scheme the request says. */
export async function serve(
  provider: Provider,
  issuer: string,
  { request, response, source, headers }: Exchange & { source: string; headers: Record<string, string> },
): Promise<void> {
  const { host, protocol, pathname } = addressOf(issuer)
  Object.assign(request.headers, {
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-for': source,
  })
  if (!request.url?.startsWith('/')) request.url = new URL(request.url ?? '/', issuer).pathname
  if (pathname !== '/') Object.assign(request, { baseUrl: pathname })
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (request.method === 'POST' && takesTokens.has(request.url.split('?')[0] as string))
    putBack(request, letTokensThrough(await readBody(request)))
  await listenerOf(provider)(request, response)
}

/** The library takes no JWT for introspection or revocation, since it keeps none; ours are kept track of, so their dots go in as tildes. */
const letTokensThrough = (body: string | undefined): string | undefined =>
  body?.replaceAll(/(^|&)token=([^&]*)/g, (_, start: string, token: string) => `${start}token=${token.replaceAll(/\.|%2e/gi, '~')}`)
