import { type Static, Type } from 'typebox'
import { signUp } from '../../../engine/sign-up/sign-up.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { presentAccount } from '../../schema/presenters.ts'
import { accountSchema, bodyProblems, displayName, locale, problemResponses, tokenPairSchema } from '../../schema/schemas.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from './sign-up-answers.ts'

const profile = {
  email: Type.Optional(Type.String({ minLength: 3, maxLength: 254, examples: ['minji@example.com'] })),
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 64, examples: ['minji'] })),
  phone: Type.Optional(Type.String({ minLength: 3, maxLength: 64, examples: ['+821012345678'] })),
  name: Type.Optional(displayName),
  locale: Type.Optional(locale),
  invitation: Type.Optional(
    Type.String({ minLength: 1, maxLength: 128, description: 'From an invitation or from the link of the first start' }),
  ),
}
type Profile = Static<ReturnType<typeof Type.Object<typeof profile>>>

export function accountRoutes({ app, engine }: HttpContext): void {
  const fields = Object.fromEntries(methodsOfSignUp(engine.methods.list).map(({ method, schema }) => [method.id, Type.Optional(schema)]))
  app.post('/v1/accounts', {
    schema: {
      summary: 'Sign up',
      description:
        'Makes an account and signs it in. Give at least one of `email`, `username` and `phone`. Without a password, an `email` is needed, and the token of the reply sets up a passkey or what else there is.',
      tags: ['accounts'],
      body: Type.Object({ ...profile, ...fields }, { additionalProperties: false }),
      response: {
        201: Type.Object({
          account: accountSchema,
          ...tokenPairSchema.properties,
          notes: Type.Record(Type.String(), Type.Unknown(), {
            description: 'What methods say of what was set up, such as how strong a password is',
          }),
        }),
        ...problemResponses(
          ...bodyProblems,
          'identifier_taken',
          'weak_password',
          'sign_up_closed',
          'invitation_required',
          'too_many_attempts',
          'busy',
        ),
      },
    },
    async handler(request, reply) {
      const body = request.body as Profile & Record<string, string>
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
      return reply.code(201).send({ account: presentAccount(account), ...tokens, notes })
    },
  })
}
