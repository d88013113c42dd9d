import { Type } from 'typebox'
import { openConnection } from '../../../engine/connections/upstreams.ts'
import { beginChallenge } from '../../../engine/sign-in/begin-challenge.ts'
import { holdAttempt, openAttempt } from '../../../engine/sign-in/open-attempt.ts'
import { sendOnPage } from '../../../pages/message-page.ts'
import { words } from '../../../words/pages.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { requestFor } from '../../page/attempts.ts'
import {
  destinationOf,
  destinationQuery,
  invitationQuery,
  invitedBy,
  pathOn,
} from '../../page/destination.ts'
import { faultOf } from '../../page/page-fault.ts'
import { type FormCall, formRoute, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { memoOf, showDeparture, slugParams } from '../../page/upstreams.ts'
import { idOf } from '../../schema/schemas.ts'

const query = Type.Object({ ...destinationQuery, ...invitationQuery })
const body = Type.Object({ attempt: Type.Optional(idOf('att')) }, { additionalProperties: false })
const path = '/signin/with/:slug'
type Call = FormCall<typeof slugParams, typeof query, typeof body>

/** The button of a connection: begins an attempt, or continues one, at the upstream provider. */
export function upstreamPageRoutes(context: HttpContext): void {
  const { engine, openid } = context

  // For links of applications: a page, since GET changes nothing, that sends the form by itself.
  pageRoute(
    context,
    path,
    { params: slugParams, query },
    ({ params: { slug }, query, requester: { locale }, request, reply }) => {
      keepBrowser(engine, request, reply)
      const url = pathOn(`/signin/with/${slug}`, destinationOf(query), invitedBy(query))
      const { signIn } = words[locale]
      return showPage(
        engine,
        request,
        reply,
        sendOnPage({ title: signIn.title, label: signIn.continue, url, values: {} }),
      )
    },
  )

  formRoute(
    context,
    path,
    {
      params: slugParams,
      query,
      body,
      onProblem(problem, { query, typed }) {
        const destination = destinationOf(query)
        const fault = faultOf(problem)
        return typed.attempt !== undefined && fault !== 'over' && fault !== 'gone'
          ? pathOn(`/signin/${typed.attempt}`, destination, { fault })
          : pathOn('/signin', destination, { another: 'yes', fault })
      },
    },
    async (call) => {
      const { params, query, requester } = call
      const { connection, method } = await openConnection(engine, params.slug, 'sign-in')
      const destination = destinationOf(query)
      const about = await openid.peek(destination.interaction)
      const attempt = await attemptOf(call, about)
      if (method.upstream === 'form')
        return pathOn(`/signin/${attempt.id}/with/${connection.slug}`, destination, invitedBy(query))
      const challenge = await beginChallenge(engine, {
        ...{ attempt, method, requester },
        asked: { connection: connection.slug },
        memo: { ...memoOf(connection.slug, destination), ...invitedBy(query) },
        fresh: about?.provedSince != null,
      })
      return showDeparture(engine, call, { connection, challenge })
    },
  )

  async function attemptOf(
    { body: { attempt: id }, requester, request, reply }: Call,
    about: Awaited<ReturnType<typeof openid.peek>>,
  ) {
    if (id !== undefined) return holdAttempt(engine, { id, requester })
    const { attempt } = await openAttempt(engine, {
      purpose: 'sign-in',
      request: requestFor(about),
      requester,
      browser: keepBrowser(engine, request, reply),
    })
    return attempt
  }
}
