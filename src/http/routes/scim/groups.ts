import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ScimGroupId } from '../../../domain/id.ts'
import type { ScimGroup } from '../../../domain/provisioning.ts'
import { readOperations } from '../../../domain/scim/patch.ts'
import type { Resource } from '../../../domain/scim/resource.ts'
import { groupKind, urns } from '../../../domain/scim/schemas.ts'
import { ScimFault } from '../../../domain/scim/scim-fault.ts'
import { listScimGroups } from '../../../engine/provisioning/list-scim.ts'
import {
  createScimGroup,
  patchScimGroup,
  removeScimGroup,
  replaceScimGroup,
} from '../../../engine/provisioning/scim-groups.ts'
import { presentGroup, scimBase, versionOf } from './present.ts'
import { readListQuery, readProjection, readVersion } from './read-query.ts'
import { bodyOf, type ScimContext } from './scim-context.ts'

interface ById {
  Params: { id: string }
  Querystring: Record<string, unknown>
}

const schema = { hide: true }

export function scimGroupRoutes({ scim, engine, issuer, provisionerOf }: ScimContext): void {
  const organisationOf = (request: FastifyRequest) => provisionerOf(request).organisation.id

  async function show(request: FastifyRequest, reply: FastifyReply, group: ScimGroup): Promise<Resource> {
    const { isShown, project } = readProjection(request.query as Record<string, unknown>)
    const members = isShown('members') ? await engine.store.scimGroups.listMembers(group.id) : null
    reply.header('etag', versionOf(group))
    return project(presentGroup(issuer, group, members))
  }

  scim.get<{ Querystring: Record<string, unknown> }>('/Groups', { schema }, async (request) => {
    const query = readListQuery(request.query)
    const { isShown, project } = readProjection(request.query)
    const { total, rows } = await listScimGroups(engine, {
      ...query,
      organisationId: organisationOf(request),
    })
    // Members of one group are shown; of a list they would be too many.
    const isOne = isShown('members') && rows.length === 1
    const members = isOne ? await engine.store.scimGroups.listMembers((rows[0] as ScimGroup).id) : null
    return {
      ...{ schemas: [urns.list], totalResults: total, startIndex: query.offset + 1 },
      itemsPerPage: rows.length,
      Resources: rows.map((group) => project(presentGroup(issuer, group, members))),
    }
  })

  scim.get<ById>('/Groups/:id', { schema }, async (request, reply) => {
    const key = { organisationId: organisationOf(request), id: request.params.id as ScimGroupId }
    const group = await engine.store.scimGroups.find(key)
    if (!group) throw new ScimFault(404, null, 'There is no such group')
    if (request.headers['if-none-match'] === versionOf(group)) return reply.code(304).send()
    return show(request, reply, group)
  })

  scim.post('/Groups', { schema }, async (request, reply) => {
    const group = await createScimGroup(engine, provisionerOf(request), bodyOf(request))
    reply.code(201).header('location', `${scimBase(issuer)}/Groups/${group.id}`)
    return show(request, reply, group)
  })

  scim.put<ById>('/Groups/:id', { schema }, async (request, reply) => {
    const group = await replaceScimGroup(engine, provisionerOf(request), {
      ...{ id: request.params.id as ScimGroupId, version: readVersion(request.headers['if-match']) },
      resource: bodyOf(request),
    })
    return show(request, reply, group)
  })

  /** Without a body: a group of ten thousand members is not sent back for each change. */
  scim.patch<ById>('/Groups/:id', { schema }, async (request, reply) => {
    const operations = readOperations(groupKind, request.body)
    const group = await patchScimGroup(engine, provisionerOf(request), {
      ...{ id: request.params.id as ScimGroupId, version: readVersion(request.headers['if-match']) },
      operations,
    })
    return reply.code(204).header('etag', versionOf(group)).send()
  })

  scim.delete<ById>('/Groups/:id', { schema }, async (request, reply) => {
    await removeScimGroup(engine, provisionerOf(request), request.params.id as ScimGroupId)
    return reply.code(204).send()
  })
}
