import { guardRequest, type WebGuardOptions } from './web.ts'

interface Context {
  req: { raw: Request }
  set(key: 'token', value: unknown): void
}

/** Middleware: claims as `c.get('token')`, or an answer. */
export const requireToken =
  (options: WebGuardOptions) =>
  async (context: Context, next: () => Promise<void>): Promise<Response | undefined> => {
    const guarded = await guardRequest(context.req.raw, options)
    if ('response' in guarded) return guarded.response
    context.set('token', guarded.claims)
    await next()
    return undefined
  }
