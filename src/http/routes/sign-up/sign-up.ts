import { type Static, Type } from 'typebox'
import { signUp } from '../../../engine/sign-up/sign-up.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { presentAccount } from '../../schema/presenters.ts'
import { accountSchema, displayName, locale, tokenPairSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from './sign-up-answers.ts'

const profile = {
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254, examples: ['minji@example.com'] })),
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 64, examples: ['minji'] })),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64, examples: ['+821012345678'] })),
  name: Type.Optional(displayName),
  locale: Type.Optional(locale),
  invitation: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'From an invitation, or from the first-operator link',
    }),
  ),
}
type Profile = Static<ReturnType<typeof Type.Object<typeof profile>>>

export function accountRoutes(context: HttpContext): void {
  const { engine } = context
  const fields = Object.fromEntries(
    methodsOfSignUp(engine.methods.list).map(({ method, schema }) => [method.id, Type.Optional(schema)]),
  )
  route(context, 'POST /v1/accounts', {
    operationId: 'signUp',
    tag: 'accounts',
    summary: 'Sign up',
    description:
      'Makes an account and signs it in. Give at least one of `email`, `username` and `phone`. Without a password, an `email` is needed, and the token of the reply sets up a passkey or what else there is.',
    body: Type.Object({ ...profile, ...fields }, { $id: 'SignUp', additionalProperties: false }),
    reply: Type.Object({
      account: accountSchema,
      ...tokenPairSchema.properties,
      notes: Type.Record(Type.String(), Type.Unknown(), {
        description: 'Messages of the methods, such as the strength of the password',
      }),
    }),
    status: 201,
    errors: [
      'identifier_taken',
      'weak_password',
      'sign_up_closed',
      'invitation_required',
      'too_many_attempts',
      'busy',
    ],
    async handler({ body: given, request, reply }) {
      // The methods' own fields are known when the server starts.
      const body = given as Profile & Record<string, string>
      const requester = settledRequester(engine, request, reply)
      const { account, tokens, session, notes } = await signUp(engine, {
        identifiers: identifiersOf(body),
        answers: answersOf(engine.methods.list, body),
        requester,
        name: body.name ?? null,
        locale: body.locale ?? requester.locale,
        invitation: body.invitation,
      })
      setSessionCookie(engine, request, reply, session)
      return { account: presentAccount(account), ...tokens, notes }
    },
  })
}
