import { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Provider } from 'oidc-provider'
import { providerRoutes } from './routes.ts'

const bodyBytesMax = 56 * 1024 // the library's own limit
const takesTokens = new Set<string>([providerRoutes.introspection, providerRoutes.revocation])

const headers = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

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
  { request, response, source }: { request: IncomingMessage; response: ServerResponse; source: string },
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
  if (protocol === 'https:') response.setHeader('strict-transport-security', 'max-age=63072000; includeSubDomains')
  if (request.method === 'POST' && takesTokens.has(request.url.split('?')[0] as string)) await letTokensThrough(request)
  await listenerOf(provider)(request, response)
}

/** The library takes no JWT for introspection or revocation, since it keeps none; ours are kept track of, so their dots go in as tildes. */
async function letTokensThrough(request: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = []
  let received = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    received += chunk.length
    if (received <= bodyBytesMax) chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const body = Buffer.from(
    text.replaceAll(/(^|&)token=([^&]*)/g, (_, start: string, token: string) => `${start}token=${token.replaceAll(/\.|%2e/gi, '~')}`),
  )
  request.headers['content-length'] = String(received <= bodyBytesMax ? body.length : received)
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([body]).iterator({ destroyOnReturn: false }) },
  })
}
