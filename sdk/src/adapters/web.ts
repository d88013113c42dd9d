import { type GuardOptions, guard } from '../challenge.ts'
import type { AccessTokenClaims } from '../claims.ts'

export interface WebGuardOptions extends GuardOptions {
  /** The public origin, where a proxy stands in front. */
  origin?: string
}

/** For servers on the web's Request and Response. */
export async function guardRequest(
  request: Request,
  { origin, ...options }: WebGuardOptions,
): Promise<{ claims: AccessTokenClaims } | { response: Response }> {
  const { pathname, search } = new URL(request.url)
  const url = origin === undefined ? request.url : `${origin}${pathname}${search}`
  const { headers, method } = request
  const guarded = await guard(
    { method, url, authorization: headers.get('authorization'), dpop: headers.get('dpop') },
    options,
  )
  if ('claims' in guarded) return guarded
  const { status, headers: answer, body } = guarded.refusal
  return { response: new Response(JSON.stringify(body), { status, headers: answer }) }
}
