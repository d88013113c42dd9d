import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import {
  addOrganisation,
  type OrganisationChange,
  removeOrganisation,
  updateOrganisation,
} from '../../../engine/organisations/organisations.ts'
import { policyFrom, presentOrganisation } from '../../../engine/organisations/present-organisation.ts'
import { actingUnder } from '../../../engine/sessions/authority.ts'
import { findLiveSession } from '../../../engine/sessions/live-session.ts'
import { enterOrganisation } from '../../../engine/sign-in/enter-organisation.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { caller, member, operator } from '../../caller/guards.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { noBody, nothing, tokenPairSchema } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { doors, idParams } from './door.ts'
import { brand, name, organisationSchema, policy, roles, slug, state } from './schemas.ts'

const operators = doors.find(({ byOperator }) => byOperator) as (typeof doors)[number]
const mineMax = 200

/** Creating, finding and removing organisations. */
export function adminOrganisationRoutes(context: HttpContext): void {
  const { engine } = context
  const { base, tag, changes } = operators

  route(context, `GET ${base}`, {
    tag,
    guard: operator('reads'),
    operationId: 'listOrganisations',
    summary: 'Organisations, oldest first',
    query: Type.Object({ ...pageQuery('org'), slug: Type.Optional(slug) }, { additionalProperties: false }),
    reply: Type.Object({ organisations: Type.Array(organisationSchema), next }),
    async handler({ query: { slug, ...query } }) {
      if (slug !== undefined) {
        const found = await engine.store.organisations.findBySlug(slug)
        return { organisations: found ? [presentOrganisation(found)] : [], next: null }
      }
      const found = await readPage(query, (page) => engine.store.organisations.list(page))
      return { organisations: found.page.map(presentOrganisation), next: found.next }
    },
  })

  route(context, `POST ${base}`, {
    tag,
    guard: operator('changes'),
    operationId: 'createOrganisation',
    summary: 'Create an organisation',
    body: Type.Object(
      { slug, name, policy: Type.Optional(policy), brand: Type.Optional(brand) },
      { additionalProperties: false },
    ),
    reply: organisationSchema,
    status: 201,
    errors: ['conflict'],
    async handler({ body, granted: { actor, acting }, reply }) {
      const given = {
        slug: body.slug,
        name: body.name,
        policy: policyFrom(body.policy ?? {}),
        brand: body.brand ?? null,
      }
      const organisation = await addOrganisation(acting, { ...given, actor })
      sendRevision(reply, organisation.revision)
      return presentOrganisation(organisation)
    },
  })

  route(context, `DELETE ${base}/:id`, {
    tag,
    guard: changes,
    operationId: 'deleteOrganisation',
    summary: 'Remove an organisation',
    description: 'Its members keep their accounts; its connections go, and the sessions for it end.',
    params: idParams,
    reply: nothing('It is gone'),
    async handler({ granted: { organisation, actor, acting } }) {
      await removeOrganisation(acting, { organisation, actor })
    },
  })
}

/** The organisations of the account. */
export function myOrganisationRoutes(context: HttpContext): void {
  const { engine } = context
  const mine = Type.Intersect([organisationSchema, Type.Object({ roles })])

  route(context, 'GET /v1/me/organisations', {
    tag: 'organisations',
    guard: caller,
    operationId: 'listMyOrganisations',
    summary: 'The organisations that the account is a member of',
    reply: Type.Object({ organisations: Type.Array(mine) }),
    async handler({ granted: { account } }) {
      const found = await engine.store.memberships.listOfAccount(account.id, mineMax)
      return {
        organisations: found.map(({ organisation, roles }) => ({
          ...presentOrganisation(organisation),
          roles: [...roles],
        })),
      }
    },
  })
}

/** One organisation. */
export function organisationRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'POST /v1/organisations/:id/session', {
    tag: 'organisations',
    guard: member('looks'),
    operationId: 'enterOrganisation',
    summary: 'Tokens for one organisation',
    description:
      'A further session, with what this one has proved: its tokens carry `org_id` and `org_roles`. It ends when the roles change, or the membership.',
    params: idParams,
    body: noBody,
    reply: tokenPairSchema,
    async handler({ granted: { account, organisation, sid }, request }) {
      const requester = requesterOf(engine, request)
      const session = await findLiveSession(engine, { id: sid, now: requester.now })
      if (!session) throw new Problem('invalid_token', { cause: 'session' })
      const acting = actingUnder(engine, { owner: { accountId: account.id, sessionId: sid } })
      return enterOrganisation(acting, { account, session, organisation, requester })
    },
  })

  for (const door of doors) {
    route(context, `GET ${door.base}/:id`, {
      tag: door.tag,
      guard: door.byOperator ? door.reads : member('looks'),
      operationId: door.named('get', 'Organisation'),
      summary: 'One organisation',
      params: idParams,
      reply: organisationSchema,
      handler({ granted: { organisation }, reply }) {
        sendRevision(reply, organisation.revision)
        return presentOrganisation(organisation)
      },
    })

    const own = { name: Type.Optional(name), policy: Type.Optional(policy) }
    const change = Type.Object(
      door.byOperator
        ? { ...own, slug: Type.Optional(slug), state: Type.Optional(state), brand: Type.Optional(brand) }
        : own,
      { additionalProperties: false, minProperties: 1 },
    )
    route(context, `PATCH ${door.base}/:id`, {
      tag: door.tag,
      guard: door.changes,
      operationId: door.named('update', 'Organisation'),
      summary: 'Change an organisation',
      params: idParams,
      body: change,
      reply: organisationSchema,
      errors: ['conflict', 'precondition_failed'],
      async handler({ body, granted: { organisation, actor, acting }, request, reply }) {
        const { policy, ...rest } = body as Partial<{ policy: Parameters<typeof policyFrom>[0] }>
        const change: OrganisationChange = { ...rest, ...(policy && { policy: policyFrom(policy) }) }
        const revision = wantedRevision(request)
        const changed = await updateOrganisation(acting, { organisation, revision, change, actor })
        sendRevision(reply, changed.revision)
        return presentOrganisation(changed)
      },
    })
  }
}
