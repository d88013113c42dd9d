import { Type } from 'typebox'
import { claimDomain, removeDomain, verifyDomain } from '../../../engine/organisations/domains.ts'
import { presentDomain } from '../../../engine/organisations/present-organisation.ts'
import type { HttpContext } from '../../context.ts'
import { idOf, noBody, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { doors, idParams } from './door.ts'
import { domainSchema } from './schemas.ts'

const domain = Type.String({ minLength: 3, maxLength: 253, examples: ['corp.example'] })
const params = Type.Object({ id: idOf('org'), domain })

/** Mail domains of an organisation. */
export function organisationDomainRoutes(context: HttpContext): void {
  const { engine } = context
  for (const { base, tag, reads, changes, named } of doors) {
    route(context, `GET ${base}/:id/domains`, {
      ...{ tag, guard: reads, params: idParams },
      operationId: named('list', 'OrganisationDomains'),
      summary: 'Mail domains, and the TXT record of each',
      reply: Type.Object({ domains: Type.Array(domainSchema) }),
      handler: async ({ granted: { organisation } }) => ({
        domains: (await engine.store.organisationDomains.list(organisation.id)).map(presentDomain),
      }),
    })

    route(context, `POST ${base}/:id/domains`, {
      ...{ tag, guard: changes, params: idParams },
      operationId: named('add', 'OrganisationDomain'),
      summary: 'Claim a mail domain',
      description: 'It counts once its TXT record is found: add `record`, then verify the domain.',
      body: Type.Object({ domain }, { additionalProperties: false }),
      reply: domainSchema,
      status: 201,
      errors: ['conflict'],
      handler: async ({ body, granted: { organisation, actor, acting } }) =>
        presentDomain(await claimDomain(acting, { organisation, domain: body.domain, actor })),
    })

    route(context, `POST ${base}/:id/domains/:domain/verify`, {
      ...{ tag, guard: changes, params },
      operationId: named('verify', 'OrganisationDomain'),
      summary: 'Look the TXT record up',
      body: noBody,
      reply: domainSchema,
      errors: ['domain_not_proved', 'conflict'],
      handler: async ({ params: { domain }, granted: { organisation, actor, acting } }) =>
        presentDomain(await verifyDomain(acting, { organisation, domain, actor })),
    })

    route(context, `DELETE ${base}/:id/domains/:domain`, {
      ...{ tag, guard: changes, params },
      operationId: named('remove', 'OrganisationDomain'),
      summary: 'Give a mail domain up',
      reply: nothing('It is gone'),
      async handler({ params: { domain }, granted: { organisation, actor, acting } }) {
        await removeDomain(acting, { organisation, domain, actor })
      },
    })
  }
}
