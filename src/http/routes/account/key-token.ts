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
          description: 'Some of the key’s scopes, separated by spaces',
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
    summary: 'Exchange an API key for a short-lived token',
    description:
      'Send the key as the bearer token. The reply holds an access token with at most the key’s scopes and without authentication claims. It ends with the key. There is no refresh token: ask again.',
    guard: keyBearer,
    body,
    reply: Type.Omit(tokenPairSchema, ['refresh_token']),
    handler: ({ body, granted: key, request }) =>
      exchangeKey(engine, { key, scope: body?.scope, requester: requesterOf(engine, request) }),
  })
}
