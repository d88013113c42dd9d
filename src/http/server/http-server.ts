import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, type Socket, Server as TcpServer } from 'node:net'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import { localUrl } from '../../domain/site.ts'
import { limitPipelines } from './pipeline-limit.ts'
import { problemBody, problemType } from './problem-handler.ts'

// A client that sends its request slower than this is holding a place, not using it.
const headersTimeoutMilliseconds = 10_000
const requestTimeoutMilliseconds = 20_000
const keepAliveTimeoutMilliseconds = 65_000 // longer than the proxies' usual 60 s, so that they close first
const earlyRequestsMax = 1_000
const earlyMilliseconds = 5_000
const silenceMilliseconds = 120_000 // a reply that nobody reads
const checkingIntervalMilliseconds = 2_000
const calmMillisecondsMax = 500
const calmRoundMilliseconds = 0.2
const tickMilliseconds = 100
const quietTicksMin = 5 // for a request that was sent before its sender could know
const headerBytesMax = 16 * 1024
const headersMax = 100
const connectionsMax = 10_000

/** What was wrong with bytes that never became a request (Node's error codes). */
const clientProblems: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  HPE_INVALID_TRANSFER_ENCODING: 'unknown_transfer_coding',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

export interface Listener {
  server: Server
  /** As seen from this machine, such as `http://localhost:8000`. */
  url: string
  /** Until then requests wait, for a few seconds at most; then they are answered 503. */
  serve(listener: RequestListener): void
  /** No new connections; settles when the last reply is out, or after `graceMilliseconds` at the latest. */
  drain(graceMilliseconds: number): Promise<void>
}

/**
 * Takes the address first, so that a taken port is known at once and port 0 has a number. Throws Node's
 * EADDRINUSE and its like.
 */
export async function listen({ host, port }: { host: string; port: number }): Promise<Listener> {
  let draining = false
  const early = holdRequests()
  let current: RequestListener = early.hold
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersTimeoutMilliseconds,
      requestTimeout: requestTimeoutMilliseconds,
      keepAliveTimeout: keepAliveTimeoutMilliseconds,
      connectionsCheckingInterval: checkingIntervalMilliseconds,
      requireHostHeader: false,
      noDelay: true,
    },
    limitPipelines((request, response) => {
      if (draining) response.setHeader('connection', 'close')
      // As GET, without the body (RFC 9110 §9.3.2), which Node leaves out.
      if (request.method === 'HEAD') request.method = 'GET'
      current(request, response)
    }),
  )
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.maxHeadersCount = headersMax
  server.timeout = silenceMilliseconds
  server.maxConnections = connectionsMax
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseBytes(error, socket))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen({ host, port }, resolve))
  const { port: bound } = server.address() as AddressInfo
  return {
    server,
    url: localUrl(host, bound),
    serve(listener) {
      current = listener
      early.release(listener)
    },
    drain(graceMilliseconds) {
      early.release((_request, response) => refuseEarly(response))
      return drain(server, sockets, graceMilliseconds, () => (draining = true))
    },
  }
}

/**
 * Not server.close, which cuts connections whose request is on its way. New connections are refused first,
 * which a proxy takes to the next node; only then each gets its reply with `Connection: close`, since what is
 * told to close comes back by a new one; and what says nothing for a while is idle.
 */
async function drain(
  server: Server,
  sockets: ReadonlySet<Socket>,
  graceMilliseconds: number,
  stopKeeping: () => void,
): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  const newcomers: Socket[] = []
  // their requests would keep the loop from its rest
  server.on('connection', (socket: Socket) => newcomers.push(socket.pause()))
  await untilLineIsEmpty(() => newcomers.length, Math.min(calmMillisecondsMax, graceMilliseconds))
  const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()))
  stopKeeping()
  for (const socket of newcomers) socket.resume()
  let [heard, quietTicks] = [-1, 0]
  const ticks = setInterval(() => {
    const total = [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, 0)
    quietTicks = total === heard ? quietTicks + 1 : 0
    heard = total
    if (quietTicks >= quietTicksMin) server.closeIdleConnections()
  }, tickMilliseconds)
  await closed
  clearInterval(ticks)
  clearTimeout(deadline)
  server.close() // ends its watch over slow connections
}

/**
 * Connections that stand in the kernel's line when a server closes are reset, with what was sent on them. The
 * loop takes in one a round: after a short round that brought none, the line is empty.
 */
function untilLineIsEmpty(countNewcomers: () => number, millisecondsMax: number): Promise<void> {
  const deadline = performance.now() + millisecondsMax
  return new Promise((resolve) => {
    const look = (lookedAt: number, counted: number): void => {
      const [now, count] = [performance.now(), countNewcomers()]
      if ((count === counted && now - lookedAt < calmRoundMilliseconds) || now > deadline) resolve()
      else setImmediate(look, now, count)
    }
    setImmediate(look, -Infinity, countNewcomers())
  })
}

/** A node that starts accepts connections at once: its first requests wait until it can answer them. */
function holdRequests(): { hold: RequestListener; release(listener: RequestListener): void } {
  const waiting = new Set<() => void>()
  let answer: RequestListener = (_request, response) => refuseEarly(response)
  return {
    hold(request, response) {
      if (waiting.size >= earlyRequestsMax) return refuseEarly(response)
      const go = (): void => {
        clearTimeout(timer)
        if (waiting.delete(go) && !response.destroyed) answer(request, response)
      }
      const timer = setTimeout(go, earlyMilliseconds)
      waiting.add(go)
    },
    release(listener) {
      answer = listener
      for (const go of waiting) go()
    },
  }
}

function refuseEarly(response: ServerResponse): void {
  const problem = new Problem('not_ready')
  response
    .writeHead(problem.status, { 'content-type': problemType, 'retry-after': '1' })
    .end(JSON.stringify(problemBody(problem)))
}

function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  // Two lengths are no unknown coding: what is wrong is said in the parser's words alone.
  const hasTwoLengths =
    error.code === 'HPE_INVALID_TRANSFER_ENCODING' && /Content-Length/i.test(error.message)
  const problem = new Problem((!hasTwoLengths && clientProblems[error.code ?? '']) || 'malformed_request')
  const body = JSON.stringify(problemBody(problem))
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
