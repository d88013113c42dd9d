import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { endSession, endSessions } from '../../../engine/sessions/revoke.ts'
import { caller, person } from '../../caller/guards.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { presentSession } from '../../schema/presenters.ts'
import { idOf, nothing, sessionSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const perPage = 100

/** Where the account is signed in. */
export function mySessionRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/me/sessions', {
    operationId: 'listMySessions',
    tag: 'me',
    summary: 'Where the account is signed in',
    guard: caller,
    query: Type.Object(pageQuery('ses', perPage), { additionalProperties: false }),
    reply: Type.Object({ sessions: Type.Array(sessionSchema), next }),
    async handler({ query, granted: { account, sid }, request }) {
      const { now } = requesterOf(engine, request)
      const found = await readPage(
        query,
        (page) => engine.store.sessions.listByAccount(account.id, { ...page, now }),
        perPage,
      )
      return { sessions: found.page.map((session) => presentSession(session, sid)), next: found.next }
    },
  })

  route(context, 'DELETE /v1/me/sessions', {
    operationId: 'deleteMyOtherSessions',
    tag: 'me',
    summary: 'Sign out everywhere else',
    guard: person,
    reply: nothing('Only this session is left'),
    async handler({ granted: { account, sid, acting } }) {
      await endSessions(acting, {
        accountId: account.id,
        except: sid,
        ending: 'signed_out_elsewhere',
        actor: account.id,
      })
    },
  })

  route(context, 'DELETE /v1/me/sessions/:id', {
    operationId: 'deleteMySession',
    tag: 'me',
    summary: 'Sign one device out',
    guard: person,
    params: Type.Object({ id: idOf('ses') }),
    reply: nothing('It is signed out'),
    errors: ['not_found'],
    async handler({ params: { id }, granted: { account, sid, acting } }) {
      const session = await engine.store.sessions.find(id)
      // A session of another account is reported as not found.
      if (session?.accountId !== account.id) throw new Problem('not_found')
      await endSession(acting, {
        session,
        ending: id === sid ? 'signed_out' : 'signed_out_elsewhere',
        actor: account.id,
      })
    },
  })
}
