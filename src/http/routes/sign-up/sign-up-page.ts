import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { MethodDefinition } from '../../../domain/method.ts'
import { isForFirstOperator } from '../../../engine/sign-up/first-operator.ts'
import { signUp } from '../../../engine/sign-up/sign-up.ts'
import { type SignUpForm, signUpForm } from '../../../pages/sign-up-page.ts'
import { pageLocale } from '../../caller/locale.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { destinationOf, destinationQuery, pathOn } from '../../page/destination.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { saying } from '../../page/said.ts'
import { showPage } from '../../page/show-page.ts'
import { upstreamsOffered } from '../../page/upstreams.ts'
import { wayWithoutTyping } from '../../page/ways.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from './sign-up-answers.ts'

const query = Type.Object({ ...destinationQuery, invitation: Type.Optional(Type.String({ maxLength: 128 })) })
type Call = PageCall<undefined, typeof query>
const kept = ['email', 'username', 'name'] as const

export function signUpPageRoutes(context: HttpContext): void {
  const { engine, openid } = context
  const methods = methodsOfSignUp(engine.methods.list).map(({ method }) => method)
  const field = Type.Optional(Type.String({ maxLength: 256 }))
  const resistant = wayWithoutTyping(engine.methods.list)
  const names = [...kept, 'invitation', 'instead', ...methods.map(({ id }) => id)]
  const body = Type.Object(Object.fromEntries(names.map((name) => [name, field])), {
    additionalProperties: false,
  })

  async function show(
    { query: asked, request, reply }: Call,
    given: Pick<SignUpForm, 'values' | 'invitation' | 'fault'>,
  ): Promise<FastifyReply> {
    const destination = destinationOf(asked)
    const about = await openid.peek(destination.interaction)
    const locale = pageLocale(request, about?.locale)
    const { invitation } = given
    const forOperator = invitation !== null && (await isForFirstOperator(engine, invitation))
    const form = signUpForm({
      ...given,
      locale,
      path: pathOn('/signup', destination),
      client: about?.clientName ?? null,
      signIn: forOperator ? null : pathOn('/signin', destination),
      forOperator,
      methods,
      // The first operator needs two factors: what is typed, too.
      instead: forOperator ? undefined : resistant,
      upstreams:
        !forOperator && (engine.settings.signUp === 'open' || invitation !== null)
          ? await upstreamsOffered(engine, engine.methods.list, {
              ...{ accountId: null, locale, request },
              pathOf: (slug) =>
                pathOn(`/signin/with/${slug}`, destination, invitation === null ? {} : { invitation }),
            })
          : [],
    })
    return showPage(engine, request, reply, { ...form, locale, brand: about?.brand })
  }

  pageRoute(context, '/signup', { query }, (call) =>
    show(call, { invitation: call.query.invitation ?? null, values: {}, fault: null }),
  )

  formRoute(
    context,
    '/signup',
    {
      query,
      body,
      onProblem({ code, errors = [], status }, { typed, ...call }) {
        const fields = Object.fromEntries(
          errors.map(({ field: pointer, message }) => [pointer.slice(1), message]),
        )
        const values = Object.fromEntries(
          kept.flatMap((name) => (typed[name] === undefined ? [] : [[name, typed[name]]])),
        )
        call.reply.code(status)
        return show(call, { invitation: typed.invitation ?? null, values, fault: { code, fields } })
      },
    },
    async ({ query, body: { instead, ...typed }, request, reply }) => {
      const requester = settledRequester(engine, request, reply)
      const isInstead = instead !== undefined && instead === resistant?.id
      const given = isInstead ? withoutAnswers(typed, methods) : typed
      const { session } = await signUp(engine, {
        identifiers: identifiersOf(given),
        answers: answersOf(engine.methods.list, given),
        name: given.name ?? null,
        locale: requester.locale,
        invitation: given.invitation,
        requester,
      })
      setSessionCookie(engine, request, reply, session)
      const destination = destinationOf(query)
      if (destination.interaction !== null) return pathOn('/signin/done', destination)
      if (isInstead) return saying(`/account/ways/${instead}`, 'welcome')
      // Its code is on the way.
      return given.email === undefined ? '/account/welcome' : saying('/account/addresses/email', 'welcome')
    },
  )
}

const withoutAnswers = (
  typed: Readonly<Record<string, string | undefined>>,
  methods: readonly MethodDefinition[],
): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => methods.every(({ id }) => id !== name)))
