import { Type } from 'typebox'
import type { TicketId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { answerChallenge } from '../../../engine/sign-in/answer-challenge.ts'
import {
  approveChallenge,
  type Link,
  lookAtLink,
  type OpenedLink,
} from '../../../engine/sign-in/approve-from-other-device.ts'
import { linkPage, linkResultPage } from '../../../pages/link-page.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { formRoute, type PageCall, pageRoute } from '../../page/page-route.ts'
import { showPage } from '../../page/show-page.ts'
import { idOf } from '../../schema/schemas.ts'

const link = { challenge: idOf('tkt'), token: Type.String({ minLength: 20, maxLength: 128 }) }
const isLink = schemaCheck(Type.Object(link))
const form = Type.Object(
  { ...link, number: Type.Optional(Type.String({ maxLength: 8 })) },
  { additionalProperties: false },
)

interface Given {
  challenge: TicketId
  token: string
}

/**
 * The page of a mailed link. GET and HEAD do not use it up, so a mail scanner's visit is harmless; the button
 * does.
 */
export function linkPageRoutes(context: HttpContext): void {
  const { engine } = context
  for (const method of engine.methods.list.filter(({ approve }) => approve)) {
    const path = `/link/${method.id}`
    const linkOf = ({ challenge, token }: Given): Link => ({ method, challengeId: challenge, token })
    const givenOf = (given: unknown): Given | undefined => (isLink(given) ? (given as Given) : undefined)
    const open = async (given: Given | undefined, { requester }: PageCall) =>
      given && lookAtLink(engine, linkOf(given), requester)
    const showOver = ({ requester: { locale }, request, reply }: PageCall) =>
      showPage(engine, request, reply.code(410), linkResultPage({ locale, outcome: 'over' }))
    const showAsked = (
      given: Given,
      opened: OpenedLink,
      { requester: reader, request, reply }: PageCall,
      fault: boolean,
    ) => showPage(engine, request, reply, linkPage({ reader, path, ...given, ...describe(opened), fault }))

    pageRoute(context, path, {}, async (call) => {
      const given = givenOf(call.request.query)
      const opened = await open(given, call)
      return given && opened ? showAsked(given, opened, call, false) : showOver(call)
    })

    formRoute(
      context,
      path,
      {
        body: form,
        onProblem: (problem, call) =>
          problem.code === 'invalid_fields' ? showOver(call) : Promise.reject(problem),
      },
      async (call) => {
        const { body, requester, request, reply } = call
        const { locale } = requester
        const opened = await open(body, call)
        if (!opened) return showOver(call)
        const show = (outcome: Parameters<typeof linkResultPage>[0]['outcome']) =>
          showPage(engine, request, reply, linkResultPage({ locale, outcome }))
        try {
          if (!opened.isHere) {
            await approveChallenge(engine, {
              link: linkOf(body),
              answer: { token: body.token, number: body.number ?? '' },
              requester,
            })
            return show('approved')
          }
          const answer = {
            attempt: opened.attempt,
            isNew: false,
            method,
            answer: { token: body.token },
            requester,
          }
          const outcome = await answerChallenge(engine, answer)
          if (outcome.status === 'done') setSessionCookie(engine, request, reply, outcome.session)
          return show(outcome.status === 'done' ? 'signed_in' : 'go_on')
        } catch (error) {
          if (!(error instanceof Problem) || error.code !== 'answer_refused') throw error
          reply.code(400)
          return showAsked(body, opened, call, true)
        }
      },
    )
  }
}

const describe = ({ attempt, isHere }: OpenedLink) => ({
  isHere,
  source: attempt.source,
  startedAt: attempt.createdAt,
})
