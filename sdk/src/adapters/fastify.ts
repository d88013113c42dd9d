import { type GuardOptions, guard } from '../challenge.ts'
import type { AccessTokenClaims } from '../claims.ts'
import { one } from './header.ts'

interface Request {
  method: string
  originalUrl: string
  protocol: string
  host: string
  headers: Record<string, string | string[] | undefined>
  token?: AccessTokenClaims
}
interface Reply {
  code(status: number): Reply
  headers(headers: Record<string, string>): Reply
  send(body: unknown): unknown
}

/**
 * A `preHandler` or `onRequest` hook: claims as `request.token`, or an answer. Behind a proxy, set
 * `trustProxy` or `origin`.
 */
export const requireToken =
  ({ origin, ...options }: GuardOptions & { origin?: string }) =>
  async (request: Request, reply: Reply): Promise<unknown> => {
    const { method, originalUrl, protocol, host, headers } = request
    const url = `${origin ?? `${protocol}://${host}`}${originalUrl}`
    const guarded = await guard(
      { method, url, authorization: one(headers.authorization), dpop: one(headers.dpop) },
      options,
    )
    if ('refusal' in guarded) {
      const { status, headers: answer, body } = guarded.refusal
      return reply.code(status).headers(answer).send(JSON.stringify(body))
    }
    request.token = guarded.claims
    return undefined
  }
