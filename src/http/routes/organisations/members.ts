import { Type } from 'typebox'
import type { AccountId } from '../../../domain/id.ts'
import {
  addMember,
  findMember,
  listMembers,
  removeMember,
  updateMember,
} from '../../../engine/organisations/members.ts'
import { presentMember } from '../../../engine/organisations/present-organisation.ts'
import { member } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { idOf, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { doors, idParams } from './door.ts'
import { breakGlass, memberSchema, roles } from './schemas.ts'

const params = Type.Object({ id: idOf('org'), account: idOf('acc') })

/** Members of an organisation, and their roles. */
export function memberRoutes(context: HttpContext): void {
  const { engine } = context
  for (const { base, tag, reads, changes, named, byOperator } of doors) {
    route(context, `GET ${base}/:id/members`, {
      ...{ tag, guard: reads, params: idParams },
      operationId: named('list', 'Members'),
      summary: 'Members, oldest account first',
      query: Type.Object(pageQuery('acc'), { additionalProperties: false }),
      reply: Type.Object({ members: Type.Array(memberSchema), next }),
      async handler({ query, granted: { organisation } }) {
        const read = async (page: { after: AccountId | null; limit: number }) =>
          (await listMembers(engine, organisation.id, page)).map((one) => ({ ...one, id: one.account.id }))
        const found = await readPage(query, read)
        return { members: found.page.map(presentMember), next: found.next }
      },
    })

    route(context, `PATCH ${base}/:id/members/:account`, {
      ...{ tag, guard: changes, params },
      operationId: named('update', 'Member'),
      summary: 'Change the roles of a member',
      description: 'New roles end their sessions for the organisation, since tokens carry the roles.',
      body: Type.Object(
        { roles: Type.Optional(roles), break_glass: Type.Optional(breakGlass) },
        { additionalProperties: false, minProperties: 1 },
      ),
      reply: memberSchema,
      errors: ['last_admin'],
      async handler({ params, body, granted: { organisation, actor, acting } }) {
        const [accountId, key] = [params.account, { organisationId: organisation.id }]
        const change = {
          ...(body.roles && { roles: body.roles }),
          ...(body.break_glass !== undefined && { breakGlass: body.break_glass }),
        }
        await updateMember(acting, { organisation, accountId, change, actor, byOperator })
        return presentMember(await findMember(engine, { ...key, accountId }))
      },
    })

    route(context, `DELETE ${base}/:id/members/:account`, {
      ...{ tag, guard: changes, params },
      operationId: named('remove', 'Member'),
      summary: 'Remove a member',
      description: 'The account stays; its sessions for the organisation end.',
      reply: nothing('They are no longer a member'),
      errors: ['last_admin'],
      async handler({ params: { account: accountId }, granted: { organisation, actor, acting } }) {
        await removeMember(acting, { organisation, accountId, actor, byOperator })
      },
    })

    if (byOperator)
      route(context, `POST ${base}/:id/members`, {
        ...{ tag, guard: changes, params: idParams },
        operationId: 'addMember',
        summary: 'Make an account a member',
        body: Type.Object(
          { account_id: idOf('acc'), roles: Type.Optional(roles) },
          { additionalProperties: false },
        ),
        reply: memberSchema,
        status: 201,
        errors: ['conflict'],
        handler: async ({ body, granted: { organisation, actor, acting } }) =>
          presentMember(
            await addMember(acting, {
              ...{ organisation, accountId: body.account_id, roles: body.roles ?? [] },
              ...{ source: 'operator', actor },
            }),
          ),
      })
  }

  route(context, 'POST /v1/organisations/:id/leave', {
    ...{ tag: 'organisations', guard: member('looks'), params: idParams },
    operationId: 'leaveOrganisation',
    summary: 'Leave an organisation',
    reply: nothing('The account is no longer a member'),
    errors: ['last_admin'],
    async handler({ granted: { organisation, membership, actor } }) {
      const { accountId } = membership
      await removeMember(engine, { organisation, accountId, actor, byOperator: false })
    },
  })
}
