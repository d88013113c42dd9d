import { Type } from 'typebox'
import { idPattern } from '../../../domain/id.ts'
import { listApplications, withdrawApplication } from '../../../engine/clients/authorized-applications.ts'
import { accountOf, callerOf } from '../../caller/bearer.ts'
import type { HttpContext } from '../../context.ts'
import { bearerSecurity, problemResponses, tokenProblems } from '../../schema/schemas.ts'

const application = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.String(), { description: 'What it was allowed; empty for our own' }),
    sessions: Type.Integer({ description: 'In how many sessions it holds something now' }),
    offline: Type.Boolean({ description: 'It stays signed in when the browser that let it in is signed out' }),
  },
  { description: 'An application with access to the account' },
)
const shared = { tags: ['me'], security: bearerSecurity }

/** Which applications somebody has let in. */
export function applicationRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/me/applications', {
    schema: {
      ...shared,
      summary: 'Applications with access',
      response: {
        200: Type.Object({ applications: Type.Array(application) }),
        ...problemResponses(...tokenProblems, 'insufficient_scope'),
      },
    },
    async handler(request) {
      const { account } = await callerOf(engine, request)
      return { applications: await listApplications(engine, account.id) }
    },
  })

  app.delete('/v1/me/applications/:id', {
    schema: {
      ...shared,
      summary: 'Take an application’s access away',
      description: 'Its tokens are refused from then on, and it must ask again.',
      params: Type.Object({ id: Type.String({ pattern: idPattern('cli') }) }),
      response: {
        204: Type.Null({ description: 'It has none any more' }),
        ...problemResponses(...tokenProblems, 'insufficient_scope', 'not_found', 'invalid_fields'),
      },
    },
    async handler(request, reply) {
      const { account, acting } = await accountOf(engine, request)
      await withdrawApplication(acting, { accountId: account.id, clientId: (request.params as { id: string }).id })
      return reply.code(204).send()
    },
  })
}
