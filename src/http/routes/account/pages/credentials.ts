import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { MethodDefinition } from '../../../../domain/method.ts'
import { Problem } from '../../../../domain/problem.ts'
import { schemaCheck } from '../../../../domain/schema-check.ts'
import { removeAndUnlink } from '../../../../engine/connections/remove-credential.ts'
import { renameCredential } from '../../../../engine/credentials/credentials.ts'
import { beginEnrolment, enrolmentKey, finishEnrolling } from '../../../../engine/credentials/enrolment.ts'
import { lookAtChallenge } from '../../../../engine/tickets/challenge.ts'
import { credentialPage, type SetUpPage, setUpPage } from '../../../../pages/account/way-pages.ts'
import { deviceName } from '../../../../words/device-name.ts'
import { setSessionCookie } from '../../../caller/session-cookie.ts'
import type { HttpContext } from '../../../context.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { previewOf } from '../../../page/preview.ts'
import { saidQuery, saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type SignedIn } from '../../../page/signed-in-pages.ts'
import { waysToAdd } from '../../../page/ways.ts'
import { emptyObject, idOf } from '../../../schema/schemas.ts'

const query = Type.Object({ ...faultQuery, ...saidQuery })
const credentialName = Type.String({ minLength: 1, maxLength: 100 })
/** The method validates its other fields itself. */
const named = Type.Object({ name: Type.Optional(credentialName), answer: Type.Optional(Type.String()) })
const operation = 'credentials'

/** Enrolment pages. */
export function wayPageRoutes(context: HttpContext): void {
  for (const method of context.engine.methods.list)
    if (method.enrol?.page) setUpRoutes(context, method, method.enrol.page)
  afterRecoveryRoute(context)
  credentialPageRoutes(context)
}

/** Who recovered the account replaces what was lost: the password, where there are passwords. */
function afterRecoveryRoute(context: HttpContext): void {
  const { engine } = context
  const lost = waysToAdd(engine.methods.list).find(
    ({ enrol, form, canClaim }) =>
      enrol?.holds === 'one' && canClaim.standsAlone && form.some(({ type }) => type === 'secret'),
  )
  createSignedInPages(context).page('/account/recovered', {}, () =>
    saying(lost ? `/account/ways/${lost.id}` : '/account', 'recovered'),
  )
}

function setUpRoutes(context: HttpContext, method: MethodDefinition, shown: SetUpPage['page']): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const path = `/account/ways/${method.id}`
  const fits = schemaCheck(method.enrol?.answer ?? emptyObject)

  page(path, { operation, query }, (user, call) =>
    show(user, call, {
      ...{ fault: call.query.fault ?? null, message: undefined },
      said: call.query.said ?? null,
    }),
  )

  form(`${path}/begin`, { operation, back: path }, async ({ acting, ...user }) => {
    await beginEnrolment(acting, { ...user, method })
    return path
  })

  form(path, { operation, body: named, back: path }, async (user, call) => {
    const { name, answer: fromScript, ...typed } = call.body as typeof call.body & Record<string, string>
    const answer = shown.browserScript === undefined ? typed : parsed(fromScript)
    if (!fits(answer)) throw new Problem('invalid_fields')
    try {
      const { renewed } = await finishEnrolling(user.acting, { ...user, method, answer, name: name ?? null })
      if (renewed) setSessionCookie(engine, call.request, call.reply, renewed)
      return saying('/account', renewed ? 'changed' : 'added')
    } catch (error) {
      // The page shows the error beside the field; secrets are not kept, so it answers without a redirect.
      const [message] = error instanceof Problem ? (error.errors ?? []) : []
      if (!message) throw error
      call.reply.code((error as Problem).status)
      return show(user, call, { fault: 'unknown', message: message.message, said: null })
    }
  })

  async function show(
    { account, credentials, requester, session }: SignedIn,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    said: Pick<SetUpPage, 'fault' | 'message' | 'said'>,
  ): Promise<FastifyReply> {
    const { locale, userAgent } = requester
    const begun = method.enrol?.begin
      ? await lookAtChallenge(engine, enrolmentKey(account.id, method), requester.now)
      : undefined
    // Only a credential that the browser creates is named after it.
    const defaultName = shown.browserScript === undefined ? '' : deviceName(locale, userAgent)
    const former =
      method.enrol?.holds === 'one' ? credentials.find(({ kind }) => kind === method.id) : undefined
    const asksFormer = former !== undefined && former.suspendedAt === null && session.origin !== 'recover'
    return showPage(
      engine,
      request,
      reply,
      setUpPage({
        locale,
        method,
        page: shown,
        challenge: begun?.challenge ?? null,
        defaultName,
        isReplaced: former !== undefined,
        asksFormer,
        preview: previewOf(engine, method, { locale, known: knownOf(account) }),
        ...said,
      }),
    )
  }
}

const knownOf = ({ name, identifiers }: SignedIn['account']): string[] => [
  ...(name === null ? [] : [name]),
  ...identifiers.map(({ display }) => display),
]

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new Problem('invalid_fields')
  }
}

/** Existing credentials. */
function credentialPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const params = Type.Object({ id: idOf('crd') })
  const path = '/account/credentials/:id'

  page(
    path,
    { params, query },
    ({ credentials, requester: { locale } }, { params: { id }, query: { fault = null }, request, reply }) => {
      const credential = credentials.find((one) => one.id === id)
      const method = credential && engine.methods.find(credential.kind)
      if (!credential || !method) return '/account?fault=gone'
      return showPage(engine, request, reply, credentialPage({ locale, credential, method, fault }))
    },
  )

  const naming = Type.Object({ name: credentialName }, { additionalProperties: false })
  form(
    `${path}/rename`,
    { params, body: naming, back: path },
    async ({ account, acting }, { params: { id }, body: { name } }) => {
      await renameCredential(acting, { account, id, name })
      return saying('/account', 'renamed')
    },
  )

  form(
    `${path}/remove`,
    { params, operation, back: path },
    async ({ acting, ...user }, { params: { id } }) => {
      const unlinked = await removeAndUnlink(acting, { ...user, id })
      return saying('/account', unlinked ?? 'removed')
    },
  )
}
