import { Type } from 'typebox'
import {
  addConnection,
  findConnection,
  removeConnection,
  testConnection,
  updateConnection,
} from '../../../engine/connections/connections.ts'
import { presentConnection } from '../../../engine/connections/present-connection.ts'
import { findOrganisation } from '../../../engine/organisations/organisations.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import {
  connectionChange,
  connectionChangeOf,
  connectionCreation,
  connectionSchema,
  finding,
} from '../../schema/connections.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { idOf, noBody, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const params = Type.Object({ id: idOf('con') })
const reads = { tag: 'admin', guard: operator('reads') } as const
const changes = { tag: 'admin', guard: operator('changes') } as const

/** Reading and testing connections. */
export function adminConnectionRoutes(context: HttpContext): void {
  const { engine } = context
  const { issuer } = engine.settings

  route(context, 'GET /v1/admin/connections', {
    ...reads,
    operationId: 'listConnections',
    summary: 'Upstream identity providers',
    query: Type.Object(pageQuery('con'), { additionalProperties: false }),
    reply: Type.Object({ connections: Type.Array(connectionSchema), next }),
    async handler({ query }) {
      const found = await readPage(query, (page) => engine.store.connections.list(page))
      return { connections: found.page.map((one) => presentConnection(one, issuer)), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/connections/:id', {
    ...reads,
    operationId: 'getConnection',
    summary: 'One connection',
    params,
    reply: connectionSchema,
    errors: ['not_found'],
    async handler({ params: { id }, reply }) {
      const connection = await findConnection(engine, { id })
      sendRevision(reply, connection.revision)
      return presentConnection(connection, issuer)
    },
  })

  route(context, 'POST /v1/admin/connections/:id/test', {
    ...changes,
    operationId: 'testConnection',
    summary: 'Test a connection without a user',
    description: 'Calls the provider: discovery, keys, clock, redirect URI and client authentication.',
    params,
    body: noBody,
    reply: Type.Object({ findings: Type.Array(finding) }),
    errors: ['not_found'],
    handler: async ({ params: { id }, granted: { acting } }) => ({
      findings: await testConnection(acting, await findConnection(acting, { id })),
    }),
  })
}

/** Creating, changing and removing connections. */
export function adminConnectionChangeRoutes(context: HttpContext): void {
  const { issuer } = context.engine.settings

  route(context, 'POST /v1/admin/connections', {
    ...changes,
    operationId: 'createConnection',
    summary: 'Connect an upstream identity provider',
    description: 'Takes effect on all nodes at once. Register `callback_url` at the provider.',
    body: connectionCreation,
    reply: connectionSchema,
    status: 201,
    errors: ['conflict', 'not_found'],
    async handler({ body, granted: { actor, acting }, reply }) {
      const { preset, slug, organisation: organisationId = null } = body
      if (organisationId !== null) await findOrganisation(acting, organisationId)
      const given = { ...connectionChangeOf(body, { mayBeLarge: true }), preset, slug, organisationId, actor }
      const connection = await addConnection(acting, given)
      sendRevision(reply, connection.revision)
      return presentConnection(connection, issuer)
    },
  })

  route(context, 'PATCH /v1/admin/connections/:id', {
    ...changes,
    operationId: 'updateConnection',
    summary: 'Change a connection',
    params,
    body: connectionChange,
    reply: connectionSchema,
    errors: ['not_found', 'conflict', 'precondition_failed'],
    async handler({ params: { id }, body, granted: { actor, acting }, request, reply }) {
      const connection = await updateConnection(acting, {
        connection: await findConnection(acting, { id }),
        revision: wantedRevision(request),
        change: connectionChangeOf(body, { mayBeLarge: true }),
        actor,
      })
      sendRevision(reply, connection.revision)
      return presentConnection(connection, issuer)
    },
  })

  route(context, 'DELETE /v1/admin/connections/:id', {
    ...changes,
    operationId: 'deleteConnection',
    summary: 'Remove a connection',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found'],
    async handler({ params: { id }, granted: { actor, acting } }) {
      await removeConnection(acting, { connection: await findConnection(acting, { id }), actor })
    },
  })
}
