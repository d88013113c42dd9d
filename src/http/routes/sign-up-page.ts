import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import { isForFirstOperator } from '../../engine/first-operator.ts'
import { signUp } from '../../engine/sign-up.ts'
import { type SignUpForm, signedUpPage, signUpForm } from '../../pages/sign-up-page.ts'
import type { HttpContext } from '../context.ts'
import { requesterOf, settledRequester } from '../requester.ts'
import { isFromThisSite, setSessionCookie } from '../session-cookie.ts'
import { showPage } from '../show-page.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from '../sign-up-answers.ts'

const query = Type.Object({ invitation: Type.Optional(Type.String({ maxLength: 128 })) })
const hide = { hide: true }
const kept = ['email', 'username', 'name'] as const

export function signUpPageRoutes({ app, engine }: HttpContext): void {
  const methods = methodsOfSignUp(engine.methods.list).map(({ method }) => method)
  const field = Type.Optional(Type.String({ maxLength: 256 }))
  const body = Type.Object(Object.fromEntries([...kept, 'invitation', ...methods.map(({ id }) => id)].map((name) => [name, field])), {
    additionalProperties: false,
  })
  const isForm = schemaCheck(body)

  async function formFor(request: FastifyRequest, given: Pick<SignUpForm, 'values' | 'invitation' | 'fault'>): Promise<SignUpForm> {
    const forOperator = given.invitation !== null && (await isForFirstOperator(engine, given.invitation))
    return { ...given, forOperator, methods, locale: requesterOf(engine, request).locale }
  }

  app.get('/signup', { schema: { ...hide, querystring: query } }, async (request, reply) => {
    const { invitation = null } = request.query as Static<typeof query>
    return showPage(engine, request, reply, signUpForm(await formFor(request, { invitation, values: {}, fault: null })))
  })

  // Not validated by the route: what is wrong is said on the page, which keeps what was typed.
  app.post('/signup', { schema: hide }, async (request, reply) => {
    const given = isForm(request.body) ? (request.body as Record<string, string | undefined>) : {}
    const { invitation, name } = given
    const requester = settledRequester(engine, request, reply)
    try {
      if (!isFromThisSite(engine, request)) throw new Problem('cross_site_request')
      const { session } = await signUp(engine, {
        identifiers: identifiersOf(given),
        answers: answersOf(engine.methods.list, given),
        name: name ?? null,
        locale: requester.locale,
        invitation,
        requester,
      })
      setSessionCookie(engine, request, reply, session)
      return showPage(engine, request, reply, signedUpPage(requester.locale))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const fields = Object.fromEntries((error.errors ?? []).map(({ field: pointer, message }) => [pointer.slice(1), message]))
      const values = Object.fromEntries(kept.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])))
      const form = await formFor(request, {
        invitation: invitation ?? null,
        values,
        fault: { code: error.code, detail: error.message, fields },
      })
      return showPage(engine, request, reply.code(error.status), signUpForm(form))
    }
  })
}
