import type { IncomingMessage } from 'node:http'
import { Problem } from '../../domain/problem.ts'

// RFC 3986 §3.2.2 and a port. A valid Host is still not trusted.
const hostShape = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%!$&'()*+,;=-]*)(?::\d{0,5})?$/

/** `closes`: the end of the body is ambiguous, so the connection is closed (request smuggling). */
export interface RequestFault {
  problem: Problem
  closes: boolean
  headers: Record<string, string>
}

let lastGoodHost: string | undefined

/**
 * What HTTP requires of every request, also under /oauth: `malformed_request`, `unsupported_media_type`,
 * `unknown_transfer_coding`.
 */
export function requestFault({
  headers,
  rawHeaders,
  httpVersion,
  url = '',
}: IncomingMessage): RequestFault | undefined {
  const { host, 'content-encoding': coding, 'transfer-encoding': transfer } = headers
  // RFC 9112 §3.2
  const isMissing = host === undefined && httpVersion !== '1.0'
  if (isMissing || isDoubled(rawHeaders) || !isHost(host))
    return {
      ...refusal(
        new Problem('malformed_request', { detail: 'The Host header is missing, duplicated or malformed' }),
      ),
      closes: true,
    }
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    const problem = new Problem('unsupported_media_type', {
      detail: 'Content codings of request bodies are not supported',
    })
    return { problem, closes: true, headers: { 'accept-encoding': 'identity' } } // RFC 9110 §15.5.16
  }
  // RFC 9112 §6.1
  if (transfer !== undefined && transfer.trim().toLowerCase() !== 'chunked')
    return { ...refusal(new Problem('unknown_transfer_coding')), closes: true }
  // NUL: not valid as text in PostgreSQL, and in no name, code or key.
  if (url.includes('%00'))
    return refusal(new Problem('malformed_request', { detail: 'The URL contains a NUL character' }))
  return undefined
}

const refusal = (problem: Problem): RequestFault => ({ problem, closes: false, headers: {} })

function isHost(host = ''): boolean {
  if (host === lastGoodHost) return true
  if (!hostShape.test(host)) return false
  lastGoodHost = host
  return true
}

/** Node keeps the first of duplicates. */
function isDoubled(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}
