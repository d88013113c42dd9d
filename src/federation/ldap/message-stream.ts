import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** In all, of one connection. */
const bytesMax = 4 * 1024 * 1024

/**
 * The connection to a directory, which passes on one whole message at a time (RFC 4511 §5.1): the library
 * would parse many messages of one packet by recursion, and would buffer a message of any length.
 */
export function messageStream(socket: Socket): Duplex {
  let [held, wanted, total] = [Buffer.alloc(0), 2, 0]
  const waiting: Buffer[] = []
  let waitingLength = 0
  const stream = new Duplex({
    readableObjectMode: true,
    read: () => undefined,
    write: (chunk, _, done) => {
      socket.write(chunk, done)
    },
    final: (done) => {
      socket.end(done)
    },
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  const receive = (chunk: Buffer): void => {
    total += chunk.length
    if (total > bytesMax) throw new Error(`the directory sent more than ${bytesMax} bytes`)
    waiting.push(chunk)
    waitingLength += chunk.length
    if (held.length + waitingLength < wanted) return
    held = Buffer.concat([held, ...waiting.splice(0)])
    waitingLength = 0
    for (wanted = lengthOf(held); wanted <= held.length; wanted = lengthOf(held)) {
      stream.push(held.subarray(0, wanted))
      held = held.subarray(wanted)
    }
  }
  // Before the library listens, and after it has stopped.
  stream.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    try {
      receive(chunk)
    } catch (error) {
      stream.destroy(error as Error)
    }
  })
  socket.on('error', (error) => stream.destroy(error))
  socket.on('close', () => stream.destroy())
  // The library asks a socket for these.
  return Object.assign(stream, { connecting: false, readyState: 'open' })
}

const sequence = 0x30
const lengthOctetsMax = 4

/** How many bytes the message that begins here needs, as far as that is known. Throws if it is no message. */
function lengthOf(bytes: Buffer): number {
  const [tag, short] = bytes
  if (tag !== undefined && tag !== sequence) throw new Error('the directory sent something else than LDAP')
  if (short === undefined) return 2
  if (short < 0x80) return 2 + short
  const octets = short & 0x7f
  if (octets === 0 || octets > lengthOctetsMax)
    throw new Error('the directory sent a length that is not valid')
  if (bytes.length < 2 + octets) return 2 + octets
  const length = bytes.readUIntBE(2, octets)
  if (length > bytesMax) throw new Error(`the directory sent a message of more than ${bytesMax} bytes`)
  return 2 + octets + length
}
