import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../domain/problem.ts'

// RFC 3986 §3.2.2 and a port. Where it is right, it is still believed by nobody.
const hostShape = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%!$&'()*+,;=-]*)(?::\d{0,5})?$/

/** What HTTP asks of every request, whoever answers it. Throws `malformed_request`, `unsupported_media_type`, `unknown_transfer_coding`. */
export function installRequestRules(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const fault = faultIn(request, reply)
    if (fault) done(fault)
    else done()
  })
}

function faultIn({ raw, headers }: FastifyRequest, reply: FastifyReply): Problem | undefined {
  const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.length === 4 && name.toLowerCase() === 'host').length
  const isMissing = hosts === 0 && raw.httpVersion !== '1.0'
  // RFC 9112 §3.2
  if (isMissing || hosts > 1 || !hostShape.test(headers.host ?? ''))
    return closing(reply, new Problem('malformed_request', { detail: 'The Host header is missing, doubled or malformed' }))
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    reply.header('accept-encoding', 'identity') // RFC 9110 §15.5.16
    return closing(reply, new Problem('unsupported_media_type', { detail: 'Bodies are read as they are, without a content coding' }))
  }
  const transfer = headers['transfer-encoding']
  // RFC 9112 §6.1
  if (transfer !== undefined && transfer.trim().toLowerCase() !== 'chunked') return closing(reply, new Problem('unknown_transfer_coding'))
  return undefined
}

/** Where it ends is not to be trusted. */
function closing(reply: FastifyReply, problem: Problem): Problem {
  reply.header('connection', 'close')
  return problem
}
