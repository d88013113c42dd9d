import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { connectionName, openConnection } from '../../../engine/connections/upstreams.ts'
import { holdAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { directoryPage } from '../../../pages/directory-page.ts'
import { pageLocale } from '../../caller/locale.ts'
import type { HttpContext } from '../../context.ts'
import { unlessThere } from '../../page/attempts.ts'
import {
  destinationOf,
  destinationQuery,
  invitationQuery,
  invitedBy,
  pathOn,
} from '../../page/destination.ts'
import { faultParameters, faultQuery } from '../../page/page-fault.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { createUpstreamOutcome } from '../../page/upstream-outcome.ts'
import { slugParams } from '../../page/upstreams.ts'
import { idOf } from '../../schema/schemas.ts'

const params = Type.Object({ id: idOf('att'), ...slugParams.properties })
const query = Type.Object({ ...destinationQuery, ...invitationQuery, ...faultQuery })
const typed = Type.String({ minLength: 1, maxLength: 512 })
// The method checks them itself.
const body = Type.Object({ username: typed, password: typed }, { additionalProperties: false })
const path = '/signin/:id/with/:slug'
type Call = PageCall<typeof params, typeof query>

/** Asks for what a directory checks; the way back leads to the other methods. */
export function directoryPageRoutes(context: HttpContext): void {
  const { engine, openid } = context
  const finish = createUpstreamOutcome(context)
  const over = ({ query }: Call): string =>
    pathOn('/signin', destinationOf(query), { another: 'yes', fault: 'over' })
  const hereOf = ({ params: { id, slug }, query }: Call, more: Readonly<Record<string, string>> = {}) =>
    pathOn(`/signin/${id}/with/${slug}`, destinationOf(query), { ...invitedBy(query), ...more })
  const held = ({ params: { id }, requester }: Call) => unlessThere(holdAttempt(engine, { id, requester }))

  pageRoute(context, path, { params, query }, async (call) => {
    const { params, query, request, reply } = call
    const attempt = await held(call)
    const { connection, method } = await openConnection(engine, params.slug, 'sign-in')
    if (!attempt || method.upstream !== 'form') return over(call)
    const destination = destinationOf(query)
    const about = await openid.peek(destination.interaction)
    const locale = pageLocale(request, about?.locale)
    const page = directoryPage({
      ...{ locale, method, fault: query.fault ?? null, wait: query.wait },
      name: connectionName(engine, connection, locale),
      username: attempt.accountId === null ? (attempt.hint?.value ?? '') : '',
      path: hereOf(call),
      others: pathOn(`/signin/${attempt.id}`, destination),
    })
    return showPage(engine, request, reply, { ...page, locale, brand: about?.brand })
  })

  formRoute(
    context,
    path,
    {
      params,
      query,
      body,
      onProblem: (problem, call) =>
        problem.code === 'not_found' ? over(call) : hereOf(call, faultParameters(problem)),
    },
    async (call) => {
      const { params, query, body } = call
      const attempt = await held(call)
      const { method } = await openConnection(engine, params.slug, 'sign-in')
      if (!attempt || method.upstream !== 'form') return over(call)
      const { slug } = params
      // Phones put a space behind a word that they complete.
      const answer = { ...body, username: body.username.trim(), connection: slug }
      if (!engine.methods.takes(method, answer)) throw new Problem('answer_refused')
      return finish(call, {
        ...{ attempt, method, slug, answer, destination: destinationOf(query) },
        invitation: query.invitation,
        again: (more) => hereOf(call, more),
      })
    },
  )
}
