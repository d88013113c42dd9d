import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ScimUserId } from '../../../domain/id.ts'
import type { ScimUser } from '../../../domain/provisioning.ts'
import { applyOperations, readOperations } from '../../../domain/scim/patch.ts'
import { member, type Resource } from '../../../domain/scim/resource.ts'
import { urns, userKind } from '../../../domain/scim/schemas.ts'
import { ScimFault } from '../../../domain/scim/scim-fault.ts'
import { listScimUsers } from '../../../engine/provisioning/list-scim.ts'
import { changeScimUser, createScimUser, removeScimUser } from '../../../engine/provisioning/scim-users.ts'
import { presentUser, scimBase, versionOf } from './present.ts'
import { readListQuery, readProjection, readVersion } from './read-query.ts'
import { bodyOf, type ScimContext } from './scim-context.ts'

interface ById {
  Params: { id: string }
  Querystring: Record<string, unknown>
}

const schema = { hide: true }

export function scimUserRoutes({ scim, engine, issuer, provisionerOf }: ScimContext): void {
  const organisationOf = (request: FastifyRequest) => provisionerOf(request).organisation.id

  async function show(request: FastifyRequest, reply: FastifyReply, user: ScimUser): Promise<Resource> {
    const { isShown, project } = readProjection(request.query as Record<string, unknown>)
    const groups = isShown('groups') ? await engine.store.scimGroups.listOfUser(user.id) : null
    reply.header('etag', versionOf(user))
    return project(presentUser(issuer, user, groups))
  }

  scim.get<{ Querystring: Record<string, unknown> }>('/Users', { schema }, async (request) => {
    const query = readListQuery(request.query)
    const { project } = readProjection(request.query)
    const { total, rows } = await listScimUsers(engine, { ...query, organisationId: organisationOf(request) })
    return {
      ...{ schemas: [urns.list], totalResults: total, startIndex: query.offset + 1 },
      ...{
        itemsPerPage: rows.length,
        Resources: rows.map((user) => project(presentUser(issuer, user, null))),
      },
    }
  })

  scim.get<ById>('/Users/:id', { schema }, async (request, reply) => {
    const key = { organisationId: organisationOf(request), id: request.params.id as ScimUserId }
    const user = await engine.store.scimUsers.find(key)
    if (!user) throw new ScimFault(404, null, 'There is no such user')
    if (request.headers['if-none-match'] === versionOf(user)) return reply.code(304).send()
    return show(request, reply, user)
  })

  scim.post('/Users', { schema }, async (request, reply) => {
    const user = await createScimUser(engine, provisionerOf(request), bodyOf(request))
    reply.code(201).header('location', `${scimBase(issuer)}/Users/${user.id}`)
    return show(request, reply, user)
  })

  scim.put<ById>('/Users/:id', { schema }, async (request, reply) => {
    const resource = bodyOf(request)
    const user = await changeScimUser(engine, provisionerOf(request), {
      ...{ id: request.params.id as ScimUserId, version: readVersion(request.headers['if-match']) },
      // What is not said of a disabled user does not let them in again.
      change: ({ active }) => (member(resource, 'active') === undefined ? { ...resource, active } : resource),
    })
    return show(request, reply, user)
  })

  scim.patch<ById>('/Users/:id', { schema }, async (request, reply) => {
    const operations = readOperations(userKind, request.body)
    const user = await changeScimUser(engine, provisionerOf(request), {
      ...{ id: request.params.id as ScimUserId, version: readVersion(request.headers['if-match']) },
      change: (former) => applyOperations(former, operations),
    })
    return show(request, reply, user)
  })

  scim.delete<ById>('/Users/:id', { schema }, async (request, reply) => {
    await removeScimUser(engine, provisionerOf(request), request.params.id as ScimUserId)
    return reply.code(204).send()
  })
}
