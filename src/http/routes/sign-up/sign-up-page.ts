import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { identifierKinds } from '../../../domain/identifier.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import { normalName } from '../../../engine/accounts/find-account.ts'
import { readInvitation } from '../../../engine/organisations/invitations.ts'
import { onlyWayHome } from '../../../engine/sign-in/home-realm.ts'
import { type InvitationPurpose, lookAtInvitation } from '../../../engine/sign-up/invitation.ts'
import { checkSignUp, signUp } from '../../../engine/sign-up/sign-up.ts'
import { dismissPage } from '../../../pages/message-page.ts'
import { type SignUpForm, signUpForm } from '../../../pages/sign-up-page.ts'
import { words } from '../../../words/pages.ts'
import { pageLocale } from '../../caller/locale.ts'
import { settledRequester } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { destinationOf, destinationQuery, pathOn } from '../../page/destination.ts'
import { faultsByField } from '../../page/page-fault.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { previewOf } from '../../page/preview.ts'
import { saying } from '../../page/said.ts'
import { showPage } from '../../page/show-page.ts'
import { upstreamsOffered } from '../../page/upstreams.ts'
import { wayWithoutTyping } from '../../page/ways.ts'
import { answersOf, identifiersOf, methodsOfSignUp } from './sign-up-answers.ts'

const query = Type.Object({ ...destinationQuery, invitation: Type.Optional(Type.String({ maxLength: 128 })) })
type Call = PageCall<undefined, typeof query>
type Step = SignUpForm['step']
type Invited = { purpose: InvitationPurpose | undefined }
/** Shown again; never a secret. */
const kept = ['email', 'username', 'name'] as const

export function signUpPageRoutes(context: HttpContext): void {
  const { engine } = context
  const methods = methodsOfSignUp(engine.methods.list).map(({ method }) => method)
  const resistant = wayWithoutTyping(engine.methods.list)
  const show = createSignUpView(context, { methods, resistant })
  const field = Type.Optional(Type.String({ maxLength: 256 }))
  const names = [...kept, 'invitation', 'instead', ...methods.map(({ id }) => id)]
  const body = Type.Object(
    {
      ...Object.fromEntries(names.map((name) => [name, field])),
      step: Type.Optional(Type.Enum(['who', 'change'])),
    },
    { additionalProperties: false },
  )
  const isOfWho = (name: string): boolean => identifierKinds.some((kind) => kind === name)
  const purposeOf = async (invitation: string | null) =>
    invitation === null ? undefined : lookAtInvitation(engine, invitation)

  pageRoute(context, '/signup', { query }, async (call) => {
    const { invitation = null } = call.query
    const purpose = await purposeOf(invitation)
    if (invitation !== null && purpose === undefined) return showUsedInvitation(context, call)
    const invited = purpose === 'membership' ? await readInvitation(engine, invitation ?? '') : undefined
    const values = invited ? { email: invited.invitation.email } : {}
    return show(call, { step: 'who', invitation, purpose, values, fault: null })
  })

  formRoute(
    context,
    '/signup',
    {
      query,
      body,
      async onProblem(problem, { typed, ...call }) {
        const isEmpty = identifiersTyped(typed) === 0
        const locale = pageLocale(call.request)
        const fields = isEmpty ? { email: words[locale].signUp.emailRequired } : faultsByField(problem)
        const isAboutWho = typed.step !== undefined || Object.keys(fields).some(isOfWho)
        const { invitation = null } = typed
        call.reply.code(problem.status)
        return show(call, {
          step: isAboutWho || isEmpty ? 'who' : 'how',
          ...{ invitation, purpose: await purposeOf(invitation) },
          values: keptOf(typed),
          fault: { code: problem.code, fields },
        })
      },
    },
    async ({ body: given, ...call }) => {
      const { step, instead, ...typed } = given as typeof given & Typed
      const { request, reply } = call
      const requester = settledRequester(engine, request, reply)
      const { invitation } = typed
      const identifiers = identifiersOf(typed)
      const again = async (next: Step) =>
        show(call, {
          ...{ step: next, invitation: invitation ?? null, purpose: await purposeOf(invitation ?? null) },
          ...{ values: keptOf(typed), fault: null },
        })
      if (step === 'change') return again('who')
      if (step === 'who') {
        checkSignUp(engine, { identifiers, invitation, requester })
        // Whose organisation accepts nothing that is set up here gets the account there.
        const hint = normalName(engine, typed.email ?? '', requester.locale)
        const home = await onlyWayHome(engine, { hint: hint ?? null })
        return home ? pathOn(`/signin/with/${home.slug}`, destinationOf(call.query)) : again('how')
      }
      const isInstead = instead !== undefined && instead === resistant?.id
      const { session } = await signUp(engine, {
        identifiers,
        answers: isInstead ? {} : answersOf(engine.methods.list, typed),
        name: typed.name ?? null,
        locale: requester.locale,
        invitation,
        requester,
      })
      setSessionCookie(engine, request, reply, session)
      const destination = destinationOf(call.query)
      if (destination.interaction !== null) return pathOn('/signin/done', destination)
      if (isInstead) return saying(`/account/ways/${instead}`, 'welcome')
      // Its code is on the way.
      return typed.email === undefined ? '/account/welcome' : saying('/account/addresses/email', 'welcome')
    },
  )
}

function createSignUpView(
  context: HttpContext,
  { methods, resistant }: { methods: readonly MethodDefinition[]; resistant: MethodDefinition | undefined },
) {
  const { engine } = context

  return async (
    call: Call,
    { purpose, ...given }: Pick<SignUpForm, 'step' | 'values' | 'invitation' | 'fault'> & Invited,
  ): Promise<FastifyReply> => {
    const { request, reply } = call
    const { destination, about, locale } = await whereFrom(context, call)
    const { invitation } = given
    const forOperator = purpose === 'first-operator'
    const form = signUpForm({
      ...given,
      locale,
      path: pathOn('/signup', destination),
      client: about?.clientName ?? null,
      signIn: forOperator ? null : pathOn('/signin', destination),
      forOperator,
      methods: methods.map((method) => ({ method, preview: previewOf(engine, method, { locale }) })),
      links: { ...engine.settings.brand.links, ...about?.brand?.links },
      // The first operator needs two factors: what is typed, too.
      instead: forOperator ? undefined : resistant,
      upstreams:
        given.step === 'who' && !forOperator && (engine.settings.signUp === 'open' || invitation !== null)
          ? await upstreamsOffered(engine, engine.methods.list, {
              ...{ asking: { accountId: null, hint: null }, locale, request },
              pathOf: (slug) =>
                pathOn(`/signin/with/${slug}`, destination, invitation === null ? {} : { invitation }),
            })
          : [],
    })
    return showPage(engine, request, reply, { ...form, locale, brand: about?.brand })
  }
}

/** Said before anything is typed. */
async function showUsedInvitation(context: HttpContext, call: Call): Promise<FastifyReply> {
  const { destination, about, locale } = await whereFrom(context, call)
  const { signUp: own, signIn } = words[locale]
  const page = dismissPage({
    title: own.invitationTitle,
    text: own.invitation,
    label: signIn.title,
    url: pathOn('/signin', destination),
  })
  return showPage(context.engine, call.request, call.reply.code(410), {
    ...page,
    locale,
    brand: about?.brand,
  })
}

/** Where the user is on the way to, and in which language. */
async function whereFrom({ openid }: HttpContext, { query: asked, request }: Call) {
  const destination = destinationOf(asked)
  const about = await openid.peek(destination.interaction)
  return { destination, about, locale: pageLocale(request, about?.locale) }
}

type Typed = Readonly<Record<string, string | undefined>>

const keptOf = (typed: Typed): Record<string, string> =>
  Object.fromEntries(kept.flatMap((name) => (typed[name] ? [[name, typed[name]]] : [])))

const identifiersTyped = (typed: Typed): number => Object.values(identifiersOf(typed)).filter(Boolean).length
