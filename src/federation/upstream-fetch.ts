import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { publicLookup, refuseInternal } from './public-address.ts'

const timeoutMilliseconds = 10_000
const bodyBytesMax = 1024 * 1024
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** The requests of this server to an upstream provider. Redirects are not followed. */
export type UpstreamFetch = (
  url: string,
  options: {
    method?: string | undefined
    headers?: Record<string, string> | undefined
    body?: unknown
    signal?: AbortSignal | undefined
  },
) => Promise<Response>

/**
 * Bounded in time and size. `network`: `public` refuses internal addresses (SSRF). Throws on network errors,
 * slow replies and large bodies.
 */
export function createUpstreamFetch({ network }: { network: 'public' | 'any' }): UpstreamFetch {
  return async (url, { method = 'GET', headers = {}, body, signal }) => {
    if (network === 'public') refuseInternal(url)
    const { protocol } = new URL(url)
    const send = protocol === 'https:' ? httpsRequest : httpRequest
    const timeout = AbortSignal.timeout(timeoutMilliseconds)
    const options = {
      method,
      headers,
      agent: false,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(network === 'public' && { lookup: publicLookup }),
    } as const
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(url, options, resolve).on('error', reject)
      request.end(body === undefined || body === null ? undefined : String(body))
    })
    const content = await bodyOf(reply)
    const status = reply.statusCode ?? 500
    return new Response(bodiless.has(status) ? null : new Uint8Array(content), {
      status,
      headers: Object.entries(reply.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      ),
    })
  }
}

async function bodyOf(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyBytesMax) throw new Error(`the reply is larger than ${bodyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
