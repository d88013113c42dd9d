import { type Static, Type } from 'typebox'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import { lookAtUndo, undoIdentifierChange } from '../../engine/account/undo-identifier.ts'
import { undoPage } from '../../pages/undo-page.ts'
import type { HttpContext } from '../context.ts'
import { requesterOf } from '../requester.ts'
import { isFromThisSite } from '../session-cookie.ts'
import { showPage } from '../show-page.ts'

const form = Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) })
const isForm = schemaCheck(form)

/** Where the former address undoes a change: a page with a button, so that nothing is undone by a scanner's visit. */
export function undoPageRoutes({ app, engine }: HttpContext): void {
  const tokenOf = (value: unknown): string | undefined => (isForm(value) ? (value as Static<typeof form>).token : undefined)

  app.get('/undo', { schema: { hide: true } }, async (request, reply) => {
    const { locale } = requesterOf(engine, request)
    const token = tokenOf(request.query)
    const found = token === undefined ? undefined : await lookAtUndo(engine, token)
    if (token === undefined || !found) return showPage(engine, request, reply.code(410), undoPage({ locale, state: 'over' }))
    return showPage(engine, request, reply, undoPage({ locale, state: 'ask', token, address: found.identifier.display }))
  })

  app.post('/undo', { schema: { hide: true } }, async (request, reply) => {
    const requester = requesterOf(engine, request)
    if (!isFromThisSite(engine, request)) throw new Problem('cross_site_request')
    try {
      await undoIdentifierChange(engine, { token: tokenOf(request.body) ?? '', requester })
      return showPage(engine, request, reply, undoPage({ locale: requester.locale, state: 'done' }))
    } catch (error) {
      const isOver = error instanceof Problem && (error.code === 'challenge_not_open' || error.code === 'identifier_taken')
      if (!isOver) throw error
      return showPage(engine, request, reply.code(410), undoPage({ locale: requester.locale, state: 'over' }))
    }
  })
}
