import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const heldMax = 5_000 // for all connections together; each costs some kilobytes

interface Line {
  last: ServerResponse
  held: [IncomingMessage, ServerResponse][]
}

const line = Symbol('requests of one connection')
type Connection = Socket & { [line]?: Line }

/**
 * One packet can hold a thousand pipelined requests (RFC 9112 §9.3.2), which Node emits at once. They are
 * answered in order, and the connection is not read while any is pending.
 */
export function limitPipelines(answer: RequestListener): RequestListener {
  let heldTotal = 0

  function start(own: Line, request: IncomingMessage, response: ServerResponse): void {
    own.last = response
    answer(request, response)
  }

  function next(own: Line, socket: Socket): void {
    if (socket.destroyed) {
      heldTotal -= own.held.length
      own.held = []
      return
    }
    const waiting = own.held.shift()
    if (!waiting) return void socket.resume()
    heldTotal--
    waiting[1].once('close', () => next(own, socket))
    start(own, ...waiting)
  }

  function hold(own: Line, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (socket.destroyed) return
    if (heldTotal >= heldMax) return void socket.destroy()
    heldTotal++
    if (own.held.push([request, response]) > 1) return
    socket.pause()
    own.last.once('close', () => next(own, socket))
  }

  return (request, response) => {
    const connection = request.socket as Connection
    const own = connection[line]
    if (!own) {
      connection[line] = { last: response, held: [] }
      return answer(request, response)
    }
    const isUnderWay = !own.last.writableFinished && !own.last.closed
    if (own.held.length > 0 || isUnderWay) return hold(own, request, response)
    start(own, request, response)
  }
}
