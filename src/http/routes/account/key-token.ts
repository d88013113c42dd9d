import { Type } from 'typebox'
import { exchangeKey } from '../../../engine/credentials/exchange-key.ts'
import { bearerTokenOf } from '../../caller/bearer.ts'
import { bearerSecurity, type Guard, tokenProblems } from '../../caller/guards.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { nullable, tokenPairSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const keyBearer: Guard<string> = {
  security: bearerSecurity,
  problems: [...tokenProblems, 'insufficient_scope'],
  admit: (_engine, request) => bearerTokenOf(request),
}
const body = nullable(
  Type.Object(
    {
      scope: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 256,
          description: 'Fewer than the key has, separated by spaces',
        }),
      ),
    },
    { additionalProperties: false },
  ),
)

/** A key of a program is exchanged for a short token that services check by themselves. */
export function keyTokenRoutes(context: HttpContext): void {
  const { engine } = context
  route(context, 'POST /v1/me/token', {
    operationId: 'exchangeKey',
    tag: 'me',
    summary: 'A short token for a program, by its key',
    description:
      'Send the key as the bearer token. The reply holds an access token of no more than the key’s scopes, which says of nobody that they were authenticated, and ends with the key. There is nothing to refresh it with: ask again.',
    guard: keyBearer,
    body,
    reply: Type.Omit(tokenPairSchema, ['refresh_token']),
    handler: ({ body, granted: key, request }) =>
      exchangeKey(engine, { key, scope: body?.scope, requester: requesterOf(engine, request) }),
  })
}
