import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

const bodyBytesMax = 56 * 1024 // the library's own limit

/** What was sent, as text; undefined where it is longer than the library would take. Throws where the sender went away. */
export function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    // Not `for await`: it costs as much as the rest of the reading together.
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received <= bodyBytesMax) chunks.push(chunk)
    })
    request.once('end', () => resolve(received <= bodyBytesMax ? Buffer.concat(chunks).toString('utf8') : undefined))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the request ended early')))
  })
}

/** Lets the library read the request as if nobody had. */
export function putBack(request: IncomingMessage, text: string | undefined): void {
  const body = Buffer.from(text ?? '')
  request.headers['content-length'] = String(text === undefined ? bodyBytesMax + 1 : body.length)
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([body]).iterator({ destroyOnReturn: false }) },
  })
}
