import type { AccessTokenClaims } from '../claims.ts'
import { guardRequest, type WebGuardOptions } from './web.ts'

type Handler<Context> = (
  request: Request,
  context: Context & { token: AccessTokenClaims },
) => Response | Promise<Response>

/** Wraps a route handler of Next's app router: claims as `context.token`, or an answer. */
export const withToken =
  <Context extends object>(options: WebGuardOptions, handler: Handler<Context>) =>
  async (request: Request, context: Context): Promise<Response> => {
    const guarded = await guardRequest(request, options)
    return 'response' in guarded ? guarded.response : handler(request, { ...context, token: guarded.claims })
  }
