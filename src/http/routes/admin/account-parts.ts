import { type Static, Type } from 'typebox'
import { type AccountId, type CredentialId, idPattern, type SessionId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { dropCredential } from '../../../engine/accounts/manage-account.ts'
import { endSession, endSessions } from '../../../engine/sessions/revoke.ts'
import { adminCaller } from '../../caller/admin-caller.ts'
import type { HttpContext } from '../../context.ts'
import { presentCredential, presentSession } from '../../schema/presenters.ts'
import { credentialSchema, sessionSchema } from '../../schema/schemas.ts'
import { accountOr404, accountParams, changing, limitOf, next, pageOf, pageQuery, reading, shared } from './paging.ts'

const gone = Type.Null({ description: 'It is gone' })
type Id = { id: AccountId }
const sessionParams = Type.Object({ ...accountParams.properties, session: Type.String({ pattern: idPattern('ses') }) })
const credentialParams = Type.Object({ ...accountParams.properties, credential: Type.String({ pattern: idPattern('crd') }) })
const sessionQuery = Type.Object(pageQuery, { additionalProperties: false })

/** Where an account is signed in. */
export function adminSessionRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/admin/accounts/:id/sessions', {
    schema: {
      ...shared,
      summary: 'Where an account is signed in',
      params: accountParams,
      querystring: sessionQuery,
      response: { 200: Type.Object({ sessions: Type.Array(sessionSchema), next }), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const query = request.query as Static<typeof sessionQuery>
      const limit = limitOf(query)
      const page = { after: (query.after as SessionId | undefined) ?? null, limit: limit + 1, now: engine.clock.now() }
      const found = pageOf(await engine.store.sessions.listByAccount((request.params as Id).id, page), limit, ({ id }) => id)
      return { sessions: found.page.map((session) => presentSession(session, null)), next: found.next }
    },
  })

  app.delete('/v1/admin/accounts/:id/sessions', {
    schema: { ...shared, summary: 'Sign an account out everywhere', params: accountParams, response: { 204: gone, ...changing() } },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      await endSessions(acting, { accountId: (request.params as Id).id, except: null, ending: 'operator', actor })
      return reply.code(204).send()
    },
  })

  app.delete('/v1/admin/accounts/:id/sessions/:session', {
    schema: { ...shared, summary: 'Sign one device out', params: sessionParams, response: { 204: gone, ...changing('not_found') } },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { id, session: sessionId } = request.params as Id & { session: SessionId }
      const session = await engine.store.sessions.find(sessionId)
      if (session?.accountId !== id) throw new Problem('not_found')
      await endSession(acting, { session, ending: 'operator', actor })
      return reply.code(204).send()
    },
  })
}

/** What an account signs in with. */
export function adminCredentialRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/admin/accounts/:id/credentials', {
    schema: {
      ...shared,
      summary: 'What an account signs in with',
      params: accountParams,
      response: { 200: Type.Object({ credentials: Type.Array(credentialSchema) }), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const credentials = await engine.store.credentials.listByAccount((request.params as Id).id)
      return { credentials: credentials.map((credential) => presentCredential(credential, engine.methods.find(credential.kind))) }
    },
  })

  app.delete('/v1/admin/accounts/:id/credentials/:credential', {
    schema: {
      ...shared,
      summary: 'Take a credential away, such as a lost telephone',
      description: 'Ends every session of the account, and tells its owner.',
      params: credentialParams,
      response: { 204: gone, ...changing('not_found') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { id, credential } = request.params as Id & { credential: CredentialId }
      const account = await accountOr404(engine, id)
      await dropCredential(acting, { account, id: credential, actor })
      return reply.code(204).send()
    },
  })
}
