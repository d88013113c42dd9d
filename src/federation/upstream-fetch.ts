import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { publicLookup, refuseInternal } from './public-address.ts'

const usualMilliseconds = 10_000
const maxFreeSockets = 64 // of each provider
const usualBytesMax = 1024 * 1024
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** The requests of this server to an upstream provider. Redirects are not followed. */
export type UpstreamFetch = (
  url: string,
  options: {
    method?: string | undefined
    headers?: Record<string, string> | undefined
    body?: unknown
    signal?: AbortSignal | undefined
    /** Of the body of the reply; a megabyte by default. */
    bytesMax?: number
    /** For all of it; ten seconds by default. */
    milliseconds?: number
  },
) => Promise<Response>

/**
 * Bounded in time and size. `network`: `public` refuses internal addresses (SSRF). Throws on network errors,
 * slow replies and large bodies.
 */
export function createUpstreamFetch({ network }: { network: 'public' | 'any' }): UpstreamFetch {
  const pool = { keepAlive: true, maxFreeSockets, ...(network === 'public' && { lookup: publicLookup }) }
  const agents = { 'http:': new HttpAgent(pool), 'https:': new HttpsAgent(pool) }

  return async (url, options) => {
    const { method = 'GET', headers = {}, body, signal } = options
    if (network === 'public') refuseInternal(url)
    const { protocol } = new URL(url)
    const timeout = AbortSignal.timeout(options.milliseconds ?? usualMilliseconds)
    const text = body === undefined || body === null ? undefined : String(body)
    const reply = await send(url, text, {
      method,
      // Otherwise Node sends a body of DELETE without its length.
      headers: { ...headers, ...(text !== undefined && { 'content-length': Buffer.byteLength(text) }) },
      agent: agents[protocol === 'https:' ? protocol : 'http:'],
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
    const content = await bodyOf(reply, options.bytesMax ?? usualBytesMax)
    const status = reply.statusCode ?? 500
    return new Response(bodiless.has(status) ? null : new Uint8Array(content), {
      status,
      headers: Object.entries(reply.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      ),
    })
  }
}

/** A kept connection may be closed just as it is used again: then the request goes once more. */
async function send(
  url: string,
  body: string | undefined,
  options: RequestOptions,
  isSecond = false,
): Promise<IncomingMessage> {
  let isReused = false
  const begin = url.startsWith('https:') ? httpsRequest : httpRequest
  const sent = new Promise<IncomingMessage>((resolve, reject) => {
    const request = begin(url, options, resolve).on('error', (error) => {
      isReused = request.reusedSocket
      reject(error)
    })
    request.end(body)
  })
  return sent.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET' && isReused && !isSecond) return send(url, body, options, true)
    throw error
  })
}

async function bodyOf(reply: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bytesMax) throw new Error(`the reply is larger than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
