import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

const bodyBytesMax = 56 * 1024 // the provider library's own limit

/**
 * The body as text; undefined as soon as it exceeds the limit: the rest is not read. Throws if the client
 * disconnects.
 */
export function readRawBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    // Not `for await`, which costs as much as all the rest of reading.
    const take = (chunk: Buffer): void => {
      received += chunk.length
      if (received <= bodyBytesMax) return void chunks.push(chunk)
      request.off('data', take).pause()
      resolve(undefined)
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the request ended early')))
  })
}
