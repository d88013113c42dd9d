import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** Gives the library a body that was read already. */
export function putBack(request: IncomingMessage, text: string): void {
  const body = Buffer.from(text)
  delete request.headers['transfer-encoding']
  request.headers['content-length'] = String(body.length)
  Object.defineProperties(request, {
    readable: { value: true },
    iterator: { value: () => Readable.from([body]).iterator({ destroyOnReturn: false }) },
  })
}
