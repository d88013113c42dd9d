import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, type Socket, Server as TcpServer } from 'node:net'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import { localUrl } from '../../domain/site.ts'
import { limitPipelines } from './pipeline-limit.ts'
import { problemBody, problemType } from './problem-handler.ts'

// Slowloris: slower requests are closed.
const headersTimeoutMilliseconds = 10_000
const requestTimeoutMilliseconds = 20_000
const keepAliveTimeoutMilliseconds = 65_000 // longer than the usual 60 s of proxies, so that they close first
const earlyRequestsMax = 1_000
const earlyMilliseconds = 5_000
const silenceMilliseconds = 120_000 // a reply that the client does not read
const checkingIntervalMilliseconds = 2_000
const calmMillisecondsMax = 500
const calmRoundMilliseconds = 0.2
const tickMilliseconds = 100
const quietTicksMin = 5 // for a request that was already on its way
const headerBytesMax = 16 * 1024
const headersMax = 100
const connectionsMax = 10_000

/** Problems of malformed requests, by Node's error codes. */
const clientProblems: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'header_too_large',
  HPE_INVALID_TRANSFER_ENCODING: 'unknown_transfer_coding',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

export interface Listener {
  server: Server
  /** The local address, such as `http://localhost:8000`. */
  url: string
  /** Until then requests wait, for a few seconds at most; then they are answered 503. */
  serve(listener: RequestListener): void
  /** Stops accepting connections; settles when the last reply was sent, or after `graceMilliseconds`. */
  drain(graceMilliseconds: number): Promise<void>
}

/**
 * Binds the port first, so that a port in use fails at once, and port 0 gets its number. Throws Node's
 * EADDRINUSE and similar.
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
      // HEAD is handled as GET; Node omits the body (RFC 9110 §9.3.2).
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
 * Not server.close, which cuts connections whose request is on its way. First new connections are refused, so
 * that a proxy uses the next node; then each reply has `Connection: close`; silent connections are closed as
 * idle.
 */
async function drain(
  server: Server,
  sockets: ReadonlySet<Socket>,
  graceMilliseconds: number,
  stopKeeping: () => void,
): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
  const newcomers: Socket[] = []
  // their requests would keep the event loop busy
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
  server.close() // stops its check of slow connections
}

/**
 * Drains the accept backlog: connections left in it are reset when the server closes. The event loop accepts
 * one per iteration; a short iteration without a connection means that the backlog is empty.
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

/** A starting node accepts connections at once; the first requests wait until it is ready. */
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
  // The parser's message alone tells a duplicate length from an unknown coding.
  const hasTwoLengths =
    error.code === 'HPE_INVALID_TRANSFER_ENCODING' && /Content-Length/i.test(error.message)
  const problem = new Problem((!hasTwoLengths && clientProblems[error.code ?? '']) || 'malformed_request')
  const body = JSON.stringify(problemBody(problem))
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
