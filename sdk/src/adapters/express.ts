import { type GuardOptions, guard } from '../challenge.ts'
import type { AccessTokenClaims } from '../claims.ts'
import { one } from './header.ts'

// The members that are used, so that other adapters type-check without Express.
interface Request {
  method: string
  originalUrl: string
  protocol: string
  headers: Record<string, string | string[] | undefined>
  token?: AccessTokenClaims
}
interface Response {
  status(code: number): Response
  set(headers: Record<string, string>): Response
  send(body: string): unknown
}

/**
 * Middleware: lets a call through with its claims as `request.token`, or answers it. Behind a proxy, set
 * `trust proxy` or `origin`.
 */
export const requireToken =
  ({ origin, ...options }: GuardOptions & { origin?: string }) =>
  async (request: Request, response: Response, next: (error?: unknown) => void): Promise<void> => {
    const { method, originalUrl, protocol, headers } = request
    try {
      const url = `${origin ?? `${protocol}://${headers.host}`}${originalUrl}`
      const guarded = await guard(
        { method, url, authorization: one(headers.authorization), dpop: one(headers.dpop) },
        options,
      )
      if ('refusal' in guarded) {
        const { status, headers: answer, body } = guarded.refusal
        response.status(status).set(answer).send(JSON.stringify(body))
        return
      }
      request.token = guarded.claims
      next()
    } catch (error) {
      next(error)
    }
  }
