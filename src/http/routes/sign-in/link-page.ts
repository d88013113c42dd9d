import { type Static, Type } from 'typebox'
import { idPattern, type TicketId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { answerChallenge } from '../../../engine/sign-in/answer-challenge.ts'
import { approveChallenge, type Link, lookAtLink, type OpenedLink } from '../../../engine/sign-in/approve-from-other-device.ts'
import { linkPage, linkResultPage } from '../../../pages/link-page.ts'
import { requesterOf } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { showPage } from '../../page/show-page.ts'

const link = { challenge: Type.String({ pattern: idPattern('tkt') }), token: Type.String({ minLength: 20, maxLength: 128 }) }
const isQuery = schemaCheck(Type.Object(link))
const form = Type.Object({ ...link, number: Type.Optional(Type.String({ maxLength: 8 })) }, { additionalProperties: false })
const isForm = schemaCheck(form)

/** Where a mailed link leads. GET and HEAD spend nothing, so that a mail scanner's visit does no harm; a button does. */
export function linkPageRoutes({ app, engine }: HttpContext): void {
  for (const method of engine.methods.list.filter(({ approve }) => approve)) {
    const path = `/link/${method.id}`
    const linkOf = ({ challenge, token }: Static<typeof form>): Link => ({ method, challengeId: challenge as TicketId, token })

    app.get(path, { schema: { hide: true } }, async (request, reply) => {
      const requester = requesterOf(engine, request)
      const given = isQuery(request.query) ? (request.query as Static<typeof form>) : undefined
      const opened = given && (await lookAtLink(engine, linkOf(given), requester))
      if (!given || !opened)
        return showPage(engine, request, reply.code(410), linkResultPage({ locale: requester.locale, outcome: 'over' }))
      return showPage(engine, request, reply, linkPage({ locale: requester.locale, path, ...given, ...facts(opened), fault: false }))
    })

    app.post(path, { schema: { hide: true } }, async (request, reply) => {
      const requester = requesterOf(engine, request)
      const { locale } = requester
      const given = isForm(request.body) ? (request.body as Static<typeof form>) : undefined
      const opened = given && (await lookAtLink(engine, linkOf(given), requester))
      if (!given || !opened) return showPage(engine, request, reply.code(410), linkResultPage({ locale, outcome: 'over' }))
      try {
        if (opened.isHere) {
          const answer = { attempt: opened.attempt, isNew: false, method, answer: { token: given.token }, requester }
          const outcome = await answerChallenge(engine, answer)
          if (outcome.status === 'done') setSessionCookie(engine, request, reply, outcome.session)
          return showPage(engine, request, reply, linkResultPage({ locale, outcome: outcome.status === 'done' ? 'signed_in' : 'go_on' }))
        }
        await approveChallenge(engine, { link: linkOf(given), answer: { token: given.token, number: given.number ?? '' }, requester })
        return showPage(engine, request, reply, linkResultPage({ locale, outcome: 'approved' }))
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'answer_refused') throw error
        return showPage(engine, request, reply.code(400), linkPage({ locale, path, ...given, ...facts(opened), fault: true }))
      }
    })
  }
}

const facts = ({ attempt, isHere }: OpenedLink) => ({ isHere, source: attempt.source, startedAt: attempt.createdAt })
