import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { isForFirstOperator } from '../../../engine/sign-up/first-operator.ts'
import { signUp } from '../../../engine/sign-up/sign-up.ts'
import { type SignUpForm, signUpForm } from '../../../pages/sign-up-page.ts'
import { pageLocale } from '../../caller/locale.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { onwardOf, onwardQuery, pathOn } from '../../page/return-to.ts'
import { showPage } from '../../page/show-page.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from './sign-up-answers.ts'

const query = Type.Object({ ...onwardQuery, invitation: Type.Optional(Type.String({ maxLength: 128 })) })
const kept = ['email', 'username', 'name'] as const
const schema = { hide: true, querystring: query }

export function signUpPageRoutes({ app, engine, openid }: HttpContext): void {
  const methods = methodsOfSignUp(engine.methods.list).map(({ method }) => method)
  const field = Type.Optional(Type.String({ maxLength: 256 }))
  const body = Type.Object(Object.fromEntries([...kept, 'invitation', ...methods.map(({ id }) => id)].map((name) => [name, field])), {
    additionalProperties: false,
  })
  const isForm = schemaCheck(body)

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    given: Pick<SignUpForm, 'values' | 'invitation' | 'fault'>,
  ): Promise<FastifyReply> {
    const onward = onwardOf(request)
    const about = await openid.peek(onward.interaction)
    const locale = pageLocale(request, about?.locale)
    const forOperator = given.invitation !== null && (await isForFirstOperator(engine, given.invitation))
    const form = signUpForm({
      ...given,
      locale,
      path: pathOn('/signup', onward),
      client: about?.clientName ?? null,
      signIn: forOperator ? null : pathOn('/signin', onward),
      forOperator,
      methods,
    })
    return showPage(engine, request, reply, { ...form, locale, brand: about?.brand })
  }

  app.get('/signup', { schema }, async (request, reply) => {
    const { invitation = null } = request.query as { invitation?: string }
    return show(request, reply, { invitation, values: {}, fault: null })
  })

  // Not validated by the route: what is wrong is said on the page, which keeps what was typed.
  app.post('/signup', { schema }, async (request, reply) => {
    const given = isForm(request.body) ? (request.body as Record<string, string | undefined>) : {}
    const { invitation, name } = given
    const requester = settledRequester(engine, request, reply)
    try {
      const { session } = await signUp(engine, {
        identifiers: identifiersOf(given),
        answers: answersOf(engine.methods.list, given),
        name: name ?? null,
        locale: requester.locale,
        invitation,
        requester,
      })
      setSessionCookie(engine, request, reply, session)
      const onward = onwardOf(request)
      return reply.redirect(onward.interaction === null ? '/account/welcome' : pathOn('/signin/done', onward), 303)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const fields = Object.fromEntries((error.errors ?? []).map(({ field: pointer, message }) => [pointer.slice(1), message]))
      const values = Object.fromEntries(kept.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])))
      const fault = { code: error.code, detail: error.message, fields }
      return show(request, reply.code(error.status), { invitation: invitation ?? null, values, fault })
    }
  })
}
