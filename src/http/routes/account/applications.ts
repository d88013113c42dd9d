import { Type } from 'typebox'
import { listApplications, withdrawApplication } from '../../../engine/clients/authorized-applications.ts'
import { caller, person } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { idOf, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const application = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.String(), { description: 'What it was allowed; empty for our own' }),
    sessions: Type.Integer({ description: 'In how many sessions it holds something now' }),
    offline: Type.Boolean({
      description: 'It stays signed in when the browser that let it in is signed out',
    }),
  },
  { $id: 'Application', description: 'An application with access to the account' },
)

/** The applications that a user has authorized. */
export function applicationRoutes(context: HttpContext): void {
  route(context, 'GET /v1/me/applications', {
    operationId: 'listMyApplications',
    tag: 'me',
    summary: 'Applications with access',
    guard: caller,
    reply: Type.Object({ applications: Type.Array(application) }),
    handler: async ({ granted: { account } }) => ({
      applications: await listApplications(context.engine, account.id),
    }),
  })

  route(context, 'DELETE /v1/me/applications/:id', {
    operationId: 'deleteMyApplication',
    tag: 'me',
    summary: 'Take an application’s access away',
    description: 'Its tokens are refused from then on, and it must ask again.',
    guard: person,
    params: Type.Object({ id: idOf('cli') }),
    reply: nothing('It has none any more'),
    errors: ['not_found'],
    handler: ({ params: { id }, granted: { account, acting } }) =>
      withdrawApplication(acting, { accountId: account.id, clientId: id }),
  })
}
