import { Type } from 'typebox'
import { checkBearerCredential, isBearerCredential } from '../../../engine/credentials/bearer-credential.ts'
import { bearerTokenOf } from '../../caller/bearer.ts'
import { bearerSecurity, type Guard, tokenProblems } from '../../caller/guards.ts'
import { sourceOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { route } from '../../server/route.ts'

const success = { message: 'Success' } as const

/** Any valid token or API key, whatever its scope. Waits only if revocations must be read first. */
const anyToken: Guard<unknown> = {
  security: bearerSecurity,
  problems: tokenProblems,
  admit(engine, request) {
    const token = bearerTokenOf(request)
    if (isBearerCredential(engine, token)) return checkBearerCredential(engine, token, sourceOf(request))
    const pending = engine.authenticator.ready()
    return pending ? pending.then(() => engine.authenticator.check(token)) : engine.authenticator.check(token)
  },
}

export function protectedRoutes(context: HttpContext): void {
  route(context, 'GET /protected', {
    operationId: 'getProtected',
    tag: 'example',
    summary: 'An example of a protected resource',
    guard: anyToken,
    reply: Type.Object({ message: Type.Literal('Success') }),
    handler: () => success,
  })
}
