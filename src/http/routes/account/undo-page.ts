import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { lookAtUndo, type Undoable, undoIdentifierChange } from '../../../engine/recovery/undo-identifier.ts'
import { undoPage } from '../../../pages/undo-page.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { requesterOf } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { pathOn } from '../../page/return-to.ts'
import { showPage } from '../../page/show-page.ts'
import { activityOf } from './pages/activity.ts'
import { rescuePath } from './pages/rescue.ts'

const form = Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) })
const isForm = schemaCheck(form)

/**
 * Where the former address takes a change back: a page that says what happened since, with a button, so that nothing is undone by a
 * scanner's visit. Whoever presses it is led through what was set up meanwhile.
 */
export function undoPageRoutes({ app, engine }: HttpContext): void {
  const tokenOf = (value: unknown): string | undefined => (isForm(value) ? (value as Static<typeof form>).token : undefined)

  app.get('/undo', { schema: { hide: true } }, async (request, reply) => {
    const { locale } = requesterOf(engine, request)
    const token = tokenOf(request.query)
    const found = token === undefined ? undefined : await lookAtUndo(engine, token)
    if (token === undefined || !found) return showOver(request, reply)
    const since = await happenedSince(found, locale)
    return showPage(engine, request, reply, undoPage({ locale, state: 'ask', token, address: found.identifier.display, since }))
  })

  app.post('/undo', { schema: { hide: true } }, async (request, reply) => {
    const requester = requesterOf(engine, request)
    const browser = keepBrowser(engine, request, reply)
    try {
      const { attempt, session } = await undoIdentifierChange(engine, { token: tokenOf(request.body) ?? '', requester, browser })
      if (session) setSessionCookie(engine, request, reply, session)
      const more = attempt.state === 'open' ? pathOn(`/signin/${attempt.id}`, { interaction: null, returnTo: rescuePath }) : '/recover'
      const { locale } = requester
      return showPage(engine, request, reply, undoPage({ locale, state: 'done', onward: session ? rescuePath : more }))
    } catch (error) {
      const isOver = error instanceof Problem && (error.code === 'challenge_not_open' || error.code === 'identifier_taken')
      if (!isOver) throw error
      return showOver(request, reply)
    }
  })

  async function happenedSince({ accountId, since }: Undoable, locale: Parameters<typeof activityOf>[1]['locale']) {
    const { lines } = await activityOf(engine, { account: { id: accountId }, locale, before: null })
    return lines.filter(({ at }) => at >= since)
  }

  function showOver(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return showPage(engine, request, reply.code(410), undoPage({ locale: requesterOf(engine, request).locale, state: 'over' }))
  }
}
