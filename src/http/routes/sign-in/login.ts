import { Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import { Problem } from '../../../domain/problem.ts'
import { signIn } from '../../../engine/sign-in/sign-in.ts'
import { signInToOrganisation } from '../../../engine/sign-in/sign-in-to-organisation.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { tokenPairSchema } from '../../schema/schemas.ts'
import { rateLimitHeaders } from '../../server/rate-limit-headers.ts'
import { route } from '../../server/route.ts'

/** This endpoint is for one method (DESIGN.md §3). */
const loginMethod = 'password'

const optionalText = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ maxLength, description }))

const body = Type.Object(
  {
    username: Type.String({
      minLength: 1,
      maxLength: 254,
      description: 'Any identifier: e-mail, username or phone',
      examples: ['minji@example.com'],
    }),
    password: Type.String({ minLength: 1, maxLength: 256, examples: ['correct horse battery staple'] }),
    code: optionalText(
      64,
      'The code of a second factor, if one is required: of an authenticator app, or a recovery code',
    ),
    acr: Type.Optional(
      Type.Enum([...assurances], { description: 'The assurance that the application needs' }),
    ),
    scope: optionalText(256, 'Separated by spaces (RFC 6749 §3.3)'),
    organization: optionalText(
      64,
      'The slug or id of an organisation that the user is in: the tokens carry `org_id` and `org_roles`',
    ),
    grant_type: optionalText(32, '`password`, as OAuth2 forms send it'),
  },
  // RFC 6749 §3.2: unrecognised parameters are ignored, as `client_id` and `client_secret` of the OAuth2 form
  // are.
  { $id: 'PasswordSignIn', additionalProperties: true },
)

export function loginRoutes(context: HttpContext): void {
  const { engine } = context
  route(context, 'POST /login', {
    operationId: 'signIn',
    tag: 'sign-in',
    summary: 'Sign in with a password',
    description:
      'As JSON, or as the OAuth 2 password form of the Authorize button. A wrong password and an unknown name get the same answer in the same time.',
    consumes: ['application/x-www-form-urlencoded'],
    body,
    reply: tokenPairSchema,
    errors: [
      'incorrect_credentials',
      'unsupported_grant_type',
      'account_disabled',
      'more_evidence_required',
      'too_many_attempts',
      'busy',
      'not_found',
      'insufficient_user_authentication',
    ],
    async handler({
      body: { username, password, code, scope, grant_type: grantType, acr = null, organization },
      request,
      reply,
    }) {
      if (grantType !== undefined && grantType !== 'password') throw new Problem('unsupported_grant_type')
      const requester = settledRequester(engine, request, reply)
      const given = {
        ...{ method: loginMethod, name: username, answer: { password } },
        ...{ code, scope, requestedAcr: acr, requester },
      }
      const { tokens, session, quota } = await (organization === undefined
        ? signIn(engine, given)
        : signInToOrganisation(engine, { ...given, organisation: organization }))
      setSessionCookie(engine, request, reply, session)
      reply.headers(quota ? rateLimitHeaders(quota) : {})
      return tokens
    },
  })
}
