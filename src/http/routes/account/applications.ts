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
    scopes: Type.Array(Type.String(), {
      description: 'The granted scopes; empty for first-party applications',
    }),
    sessions: Type.Integer({ description: 'In how many sessions it has a grant' }),
    offline: Type.Boolean({
      description: 'It stays signed in after the browser signs out (`offline_access`)',
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
    summary: 'Withdraw an application’s access',
    description: 'Its tokens are refused from then on, and it must ask again.',
    guard: person,
    params: Type.Object({ id: idOf('cli') }),
    reply: nothing('Its access is withdrawn'),
    errors: ['not_found'],
    handler: ({ params: { id }, granted: { account, acting } }) =>
      withdrawApplication(acting, { accountId: account.id, clientId: id }),
  })
}
