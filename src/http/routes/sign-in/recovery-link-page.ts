import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'
import { followRecoveryLink, lookAtRecoveryLink } from '../../../engine/recovery/recovery-link.ts'
import { recoveryLinkPage } from '../../../pages/recovery-link-page.ts'
import { keepBrowser } from '../../caller/browser-cookie.ts'
import { requesterOf } from '../../caller/requester.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { pathOn } from '../../page/return-to.ts'
import { showPage } from '../../page/show-page.ts'

const path = '/recover/link'
const afterwards = '/account/recovered'
const form = Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) })
const isForm = schemaCheck(form)

/** Where a link leads that an operator made for one person: a page with a button, so that a preview of the link spends nothing. */
export function recoveryLinkPageRoutes({ app, engine }: HttpContext): void {
  const tokenOf = (value: unknown): string => (isForm(value) ? (value as Static<typeof form>).token : '')

  app.get(path, { schema: { hide: true } }, async (request, reply) => {
    const token = tokenOf(request.query)
    const account = await lookAtRecoveryLink(engine, token)
    if (!account) return showOver(request, reply)
    const { locale } = requesterOf(engine, request)
    const name = account.identifiers[0]?.display ?? account.name ?? account.id
    return showPage(engine, request, reply, recoveryLinkPage({ locale, state: 'ask', path, token, name }))
  })

  app.post(path, { schema: { hide: true } }, async (request, reply) => {
    const requester = requesterOf(engine, request)
    const browser = keepBrowser(engine, request, reply)
    try {
      const { attempt, session } = await followRecoveryLink(engine, { token: tokenOf(request.body), requester, browser })
      if (attempt.state === 'refused') return await showOver(request, reply)
      if (session) setSessionCookie(engine, request, reply, session)
      const more = pathOn(`/signin/${attempt.id}`, { interaction: null, returnTo: afterwards })
      return await reply.redirect(session ? afterwards : more, 303)
    } catch (error) {
      const isOver = error instanceof Problem && (error.code === 'challenge_not_open' || error.code === 'account_disabled')
      if (!isOver) throw error
      return showOver(request, reply)
    }
  })

  function showOver(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    return showPage(engine, request, reply.code(410), recoveryLinkPage({ locale: requesterOf(engine, request).locale, state: 'over' }))
  }
}
