import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const atOncePerConnection = 8
const heldMax = 5_000 // of all connections together; each costs some kilobytes

interface Line {
  atOnce: number
  held: [IncomingMessage, ServerResponse][]
}

/**
 * One packet can hold a thousand requests (RFC 9112 §9.3.2), and Node hands them over at once. A few are answered side by side; the others
 * wait their turn, and nothing more is read from that connection until then.
 */
export function limitPipelines(answer: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>()
  let heldTotal = 0

  function start(line: Line, request: IncomingMessage, response: ServerResponse): void {
    line.atOnce++
    response.once('close', () => {
      line.atOnce--
      next(line, request.socket)
    })
    answer(request, response)
  }

  function next(line: Line, socket: Socket): void {
    if (socket.destroyed) {
      heldTotal -= line.held.length
      line.held = []
    }
    const waiting = line.held.shift()
    if (!waiting) return void (line.atOnce < atOncePerConnection && socket.resume())
    heldTotal--
    start(line, ...waiting)
  }

  return (request, response) => {
    const { socket } = request
    if (socket.destroyed) return
    const line = lines.get(socket) ?? { atOnce: 0, held: [] }
    lines.set(socket, line)
    if (line.atOnce < atOncePerConnection && line.held.length === 0) return start(line, request, response)
    if (heldTotal >= heldMax) {
      socket.destroy()
      return
    }
    heldTotal++
    line.held.push([request, response])
    socket.pause()
  }
}
