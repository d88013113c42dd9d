import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import { dropCredential } from '../../../engine/accounts/manage-account.ts'
import { mailRecoveryLink } from '../../../engine/recovery/recovery-link.ts'
import { endSession, endSessions } from '../../../engine/sessions/revoke.ts'
import { operator } from '../../caller/guards.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { presentCredential, presentSession } from '../../schema/presenters.ts'
import { credentialSchema, idOf, noBody, nothing, sessionSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { accountOr404 } from './find-or-404.ts'

const recoveryHours = 24
const params = Type.Object({ id: idOf('acc') })
const reads = { tag: 'admin', guard: operator('finds') } as const
const changes = { tag: 'admin', guard: operator('helps') } as const

/** Where an account is signed in. */
export function adminSessionRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/admin/accounts/:id/sessions', {
    ...reads,
    operationId: 'listAccountSessions',
    summary: 'Where an account is signed in',
    params,
    query: Type.Object(pageQuery('ses'), { additionalProperties: false }),
    reply: Type.Object({ sessions: Type.Array(sessionSchema), next }),
    async handler({ params: { id }, query, request }) {
      const { now } = requesterOf(engine, request)
      const found = await readPage(query, (page) => engine.store.sessions.listByAccount(id, { ...page, now }))
      return { sessions: found.page.map((session) => presentSession(session, null)), next: found.next }
    },
  })

  route(context, 'DELETE /v1/admin/accounts/:id/sessions', {
    ...changes,
    operationId: 'deleteAccountSessions',
    summary: 'Sign an account out everywhere',
    params,
    reply: nothing('It is signed out'),
    async handler({ params: { id }, granted: { actor, acting } }) {
      await endSessions(acting, { accountId: id, except: null, ending: 'operator', actor })
    },
  })

  route(context, 'DELETE /v1/admin/accounts/:id/sessions/:session', {
    ...changes,
    operationId: 'deleteAccountSession',
    summary: 'Sign one device out',
    params: Type.Object({ id: idOf('acc'), session: idOf('ses') }),
    reply: nothing('It is signed out'),
    errors: ['not_found'],
    async handler({ params, granted: { actor, acting } }) {
      const session = await engine.store.sessions.find(params.session)
      if (session?.accountId !== params.id) throw new Problem('not_found')
      await endSession(acting, { session, ending: 'operator', actor })
    },
  })
}

/** An account’s credentials. */
export function adminCredentialRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/admin/accounts/:id/credentials', {
    ...reads,
    operationId: 'listAccountCredentials',
    summary: 'An account’s credentials',
    params,
    reply: Type.Object({ credentials: Type.Array(credentialSchema) }),
    async handler({ params: { id } }) {
      const credentials = await engine.store.credentials.listByAccount(id)
      return {
        credentials: credentials.map((credential) =>
          presentCredential(credential, engine.methods.find(credential.kind)),
        ),
      }
    },
  })

  route(context, 'DELETE /v1/admin/accounts/:id/credentials/:credential', {
    ...changes,
    operationId: 'deleteAccountCredential',
    summary: 'Remove a credential, such as that of a lost phone',
    description: 'Ends every session of the account, and notifies its owner.',
    params: Type.Object({ id: idOf('acc'), credential: idOf('crd') }),
    reply: nothing('It is gone'),
    errors: ['not_found'],
    async handler({ params: { id, credential }, granted: { actor, acting } }) {
      await dropCredential(acting, { account: await accountOr404(engine, id), id: credential, actor })
    },
  })
}

/** A way back for the owner of an account. */
export function adminRecoveryRoutes(context: HttpContext): void {
  route(context, 'POST /v1/admin/accounts/:id/recovery', {
    ...changes,
    operationId: 'mailRecoveryLink',
    summary: 'Send the owner a link that recovers the account',
    description:
      'To the verified mail address of the account; it works once, for 24 hours. Verify who asks for it. The link is shown to no one else.',
    params,
    body: noBody,
    reply: nothing('It is on its way'),
    errors: ['not_found', 'conflict'],
    async handler({ params: { id }, granted: { actor, acting } }) {
      await mailRecoveryLink(acting, { account: { id }, hours: recoveryHours, actor })
    },
  })
}
