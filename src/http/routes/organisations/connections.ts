import { Type } from 'typebox'
import {
  addConnection,
  findConnection,
  removeConnection,
  testConnection,
  updateConnection,
} from '../../../engine/connections/connections.ts'
import { presentConnection } from '../../../engine/connections/present-connection.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { member } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import {
  connectionChangeOf,
  connectionCreation,
  connectionMembers,
  connectionSchema,
  finding,
} from '../../schema/connections.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { idOf, noBody, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { idParams } from './door.ts'

const tag = 'organisations'
const params = Type.Object({ id: idOf('org'), connection: idOf('con') })
// Domains are those that it has verified; what counts as a second factor is for operators to say.
const { domains: _, assurance: __, ...members } = connectionMembers
const { preset, slug, client_id } = connectionCreation.properties

/** Identity providers of an organisation, managed by its own admins. */
export function organisationConnectionRoutes(context: HttpContext): void {
  const { engine } = context
  const { issuer } = engine.settings
  const base = '/v1/organisations/:id/connections'

  route(context, `GET ${base}`, {
    ...{ tag, guard: member('reads'), params: idParams },
    operationId: 'listOrganisationConnections',
    summary: 'Identity providers of the organisation',
    query: Type.Object(pageQuery('con'), { additionalProperties: false }),
    reply: Type.Object({ connections: Type.Array(connectionSchema), next }),
    async handler({ query, granted: { organisation } }) {
      const { connections } = engine.store
      const found = await readPage(query, (page) => connections.listOfOrganisation(organisation.id, page))
      return { connections: found.page.map((one) => presentConnection(one, issuer)), next: found.next }
    },
  })

  route(context, `POST ${base}`, {
    ...{ tag, guard: member('changes'), params: idParams },
    operationId: 'createOrganisationConnection',
    summary: 'Connect an identity provider of the organisation',
    description:
      'It is offered for addresses of the organisation’s verified domains; who signs in by it becomes a member. Register `callback_url` at the provider.',
    body: Type.Object(
      { preset, slug, client_id: Type.Optional(client_id), ...members },
      { additionalProperties: false },
    ),
    reply: connectionSchema,
    status: 201,
    errors: ['conflict'],
    async handler({ body, granted: { organisation, actor, acting }, reply }) {
      const { preset, slug } = body
      const given = {
        ...connectionChangeOf(body, { mayBeLarge: false }),
        preset,
        slug,
        organisationId: organisation.id,
        actor,
      }
      const connection = await addConnection(acting, given)
      sendRevision(reply, connection.revision)
      return presentConnection(connection, issuer)
    },
  })

  changeRoutes(context, `${base}/:connection`)
}

function changeRoutes(context: HttpContext, path: `/${string}`): void {
  const { issuer } = context.engine.settings

  route(context, `PATCH ${path}`, {
    ...{ tag, guard: member('changes'), params },
    operationId: 'updateOrganisationConnection',
    summary: 'Change an identity provider',
    body: Type.Object(
      { client_id: Type.Optional(client_id), ...members },
      { additionalProperties: false, minProperties: 1 },
    ),
    reply: connectionSchema,
    errors: ['conflict', 'precondition_failed'],
    async handler({ params: { connection: id }, body, granted, request, reply }) {
      const { organisation, actor, acting } = granted
      const connection = await findConnection(acting, { id, organisationId: organisation.id })
      const [revision, change] = [wantedRevision(request), connectionChangeOf(body, { mayBeLarge: false })]
      const changed = await updateConnection(acting, { connection, revision, change, actor })
      sendRevision(reply, changed.revision)
      return presentConnection(changed, issuer)
    },
  })

  route(context, `POST ${path}/test`, {
    ...{ tag, guard: member('changes'), params },
    operationId: 'testOrganisationConnection',
    summary: 'Test an identity provider without a user',
    body: noBody,
    reply: Type.Object({ findings: Type.Array(finding) }),
    async handler({ params: { connection: id }, granted: { organisation, acting } }) {
      const connection = await findConnection(acting, { id, organisationId: organisation.id })
      return { findings: await testConnection(acting, connection) }
    },
  })

  route(context, `DELETE ${path}`, {
    ...{ tag, guard: member('changes'), params },
    operationId: 'deleteOrganisationConnection',
    summary: 'Remove an identity provider',
    reply: nothing('It is gone'),
    async handler({ params: { connection: id }, granted: { organisation, actor, acting } }) {
      const connection = await findConnection(acting, { id, organisationId: organisation.id })
      await removeConnection(acting, { connection, actor })
    },
  })
}
