import { UpstreamFault } from '../domain/connection.ts'

const detailLengthMax = 200
/** The user pressed cancel, in the words of RFC 6749 §4.1.2.1 and of providers. */
const cancelled: ReadonlySet<string> = new Set([
  'access_denied',
  'user_cancelled_authorize',
  'user_cancelled_login',
  'consent_required',
])
const downAtTheirs: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable'])

/** The `error` of an authorization response. */
export function errorFault(error: string): UpstreamFault {
  const detail = `the provider answered ${error.slice(0, detailLengthMax)}`
  if (cancelled.has(error)) return new UpstreamFault('cancelled', detail)
  return new UpstreamFault(downAtTheirs.has(error) ? 'unavailable' : 'misconfigured', detail)
}

/** What the library, or the network, threw. */
function faultOf(error: unknown): UpstreamFault {
  if (error instanceof UpstreamFault) return error
  const { code, status, error: answered } = error as { code?: string; status?: number; error?: string }
  const detail = `${answered ?? (error as Error).message}`.slice(0, detailLengthMax)
  const fault = (reason: UpstreamFault['reason']) => new UpstreamFault(reason, detail, { cause: error })
  if (answered === 'invalid_client' || answered === 'unauthorized_client') return fault('misconfigured')
  if (answered !== undefined) return fault('invalid')
  if (status !== undefined && status >= 500) return fault('unavailable')
  if (/auth_time|max_age/.test(causeOf(error))) return fault('stale')
  return fault(code?.startsWith('OAUTH') ? 'invalid' : 'unavailable')
}

/** Throws UpstreamFault for any status but 2xx. */
export function okReply(url: string, reply: Response): Response {
  if (!reply.ok) throw new UpstreamFault('unavailable', `${new URL(url).pathname} answered ${reply.status}`)
  return reply
}

export const rethrowFault = (error: unknown): never => {
  throw faultOf(error)
}

const causeOf = (error: unknown): string => {
  const { message, cause } = error as { message: string; cause?: unknown }
  return `${message} ${cause instanceof Error ? causeOf(cause) : JSON.stringify(cause ?? '')}`
}
