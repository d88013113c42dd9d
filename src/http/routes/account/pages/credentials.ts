import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CredentialId, idPattern } from '../../../../domain/id.ts'
import type { MethodDefinition } from '../../../../domain/method.ts'
import { Problem } from '../../../../domain/problem.ts'
import { schemaCheck } from '../../../../domain/schema-check.ts'
import {
  beginEnrolment,
  enrolmentKey,
  finishEnrolling,
  removeCredential,
  renameCredential,
} from '../../../../engine/credentials/credentials.ts'
import { lookAtChallenge } from '../../../../engine/tickets/challenge.ts'
import { deviceName } from '../../../../pages/account/device-name.ts'
import { credentialPage, type SetUpPage, setUpPage } from '../../../../pages/account/way-pages.ts'
import type { Fault } from '../../../../pages/parts.ts'
import { setSessionCookie } from '../../../caller/session-cookie.ts'
import type { HttpContext } from '../../../context.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type SignedInPage } from '../../../page/signed-in-pages.ts'

const query = Type.Object(faultQuery)
const nothing = Type.Object({}, { additionalProperties: false })
const credentialName = Type.String({ minLength: 1, maxLength: 100 })
/** What a method asks besides is its own to check. */
const named = Type.Object({ name: Type.Optional(credentialName), answer: Type.Optional(Type.String()) })
const operation = 'credentials'

/** Setting up what proves who one is. */
export function wayPageRoutes(context: HttpContext): void {
  for (const method of context.engine.methods.list) if (method.enrol?.page) setUpRoutes(context, method, method.enrol.page)
  credentialPageRoutes(context)
}

function setUpRoutes(context: HttpContext, method: MethodDefinition, shown: SetUpPage['page']): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const path = `/account/ways/${method.id}`
  const fits = schemaCheck(method.enrol?.answer ?? nothing)

  page(path, { operation, querystring: query }, async (person, request, reply) => {
    const { fault = null } = request.query as { fault?: Fault }
    return show(person, request, reply, { fault, message: undefined })
  })

  form(`${path}/begin`, { operation, back: path }, async ({ acting, ...person }) => {
    await beginEnrolment(acting, { ...person, method })
    return path
  })

  form(path, { operation, body: named, back: path }, async (person, request, reply) => {
    const { name, answer: fromScript, ...typed } = request.body as Record<string, string | undefined>
    const answer = shown.script === undefined ? typed : parsed(fromScript)
    if (!fits(answer)) throw new Problem('invalid_fields')
    try {
      const { renewed } = await finishEnrolling(person.acting, { ...person, method, answer, name: name ?? null })
      if (renewed) setSessionCookie(engine, request, reply, renewed)
      return '/account?said=done'
    } catch (error) {
      // What is wrong with it is said where it was typed; nothing secret is kept, so the page itself answers.
      const [message] = error instanceof Problem ? (error.errors ?? []) : []
      if (!message) throw error
      return show(person, request, reply.code((error as Problem).status), { fault: 'unknown', message: message.message })
    }
  })

  async function show(
    { account, credentials, requester, session }: SignedInPage,
    request: FastifyRequest,
    reply: FastifyReply,
    said: Pick<SetUpPage, 'fault' | 'message'>,
  ): Promise<FastifyReply> {
    const { locale, userAgent } = requester
    const begun = method.enrol?.begin ? await lookAtChallenge(engine, enrolmentKey(account.id, method)) : undefined
    // Only what the browser makes is the browser's.
    const defaultName = shown.script === undefined ? '' : deviceName(locale, userAgent)
    const former = method.enrol?.holds === 'one' ? credentials.find(({ kind }) => kind === method.id) : undefined
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
        ...said,
      }),
    )
  }
}

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(text ?? '')
  } catch {
    throw new Problem('invalid_fields')
  }
}

/** What is set up already. */
function credentialPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const params = Type.Object({ id: Type.String({ pattern: idPattern('crd') }) })
  const path = '/account/credentials/:id'
  const idOf = ({ params: given }: FastifyRequest) => (given as { id: CredentialId }).id

  page(path, { params, querystring: query }, async ({ credentials, requester: { locale } }, request, reply) => {
    const credential = credentials.find(({ id }) => id === idOf(request))
    const method = credential && engine.methods.find(credential.kind)
    if (!credential || !method) return reply.redirect('/account?fault=gone', 303)
    const { fault = null } = request.query as { fault?: Fault }
    return showPage(engine, request, reply, credentialPage({ locale, credential, method, fault }))
  })

  const naming = Type.Object({ name: credentialName }, { additionalProperties: false })
  form(`${path}/rename`, { params, body: naming, back: path }, async ({ account, acting }, request) => {
    await renameCredential(acting, { account, id: idOf(request), name: (request.body as { name: string }).name })
    return '/account?said=saved'
  })

  form(`${path}/remove`, { params, operation, back: path }, async ({ acting, ...person }, request) => {
    await removeCredential(acting, { ...person, id: idOf(request) })
    return '/account?said=done'
  })
}
