import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

const bodyBytesMax = 56 * 1024 // the provider library's own limit

/**
 * What was sent, as text; undefined as soon as it is known to be longer than that, and the rest is not read.
 * Throws where the sender went away.
 */
export function readRawBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytesMax) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    // Not `for await`: it costs as much as the rest of the reading together.
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
