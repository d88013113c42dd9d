import { Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import { slugPattern } from '../../../domain/connection.ts'
import { Problem } from '../../../domain/problem.ts'
import { attributeSources, nameIdFormats } from '../../../domain/saml-application.ts'
import { presentSamlApplication } from '../../../engine/clients/present-saml-application.ts'
import {
  addSamlApplication,
  findSamlApplication,
  removeSamlApplication,
  type SamlApplicationChange,
  updateSamlApplication,
} from '../../../engine/clients/saml-applications.ts'
import { findOrganisation } from '../../../engine/organisations/organisations.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { metadataMembers, metadataOf } from '../../schema/saml-metadata.ts'
import { idOf, nothing, nullable, timestamp } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const members = {
  name: Type.String({ minLength: 1, maxLength: 100, description: 'What its users read' }),
  name_id_format: Type.Enum([...nameIdFormats], {
    description: '`persistent`: an opaque name that no other application has; `email`: the verified address',
  }),
  attributes: Type.Record(Type.String({ minLength: 1, maxLength: 256 }), Type.Enum([...attributeSources]), {
    description: 'What each SAML attribute says; the address and the name by default',
  }),
  acr: nullable(Type.Enum([...assurances], { description: 'The least that its users must prove' })),
  unsolicited: Type.Boolean({ description: 'Whether a sign-in may begin here, at `start_url`' }),
  signed_requests: Type.Boolean({ description: 'Whether its requests must be signed' }),
  encrypted_assertions: Type.Boolean({ description: 'Whether assertions are encrypted for it' }),
  organisation: nullable(
    Type.Unsafe<`org_${string}`>({
      ...idOf('org'),
      description: 'Only its members may use the application, whose roles `org_roles` says',
    }),
  ),
}
const optional = Object.fromEntries(
  Object.entries(members).map(([name, schema]) => [name, Type.Optional(schema)]),
) as { [Name in keyof typeof members]: ReturnType<typeof Type.Optional<(typeof members)[Name]>> }
const url = Type.String({ format: 'uri' })
const application = Type.Object(
  {
    id: idOf('app'),
    slug: Type.String(),
    ...members,
    ...{ entity_id: Type.String(), acs_urls: Type.Array(Type.String()) },
    ...{ logout_url: nullable(Type.String()), logout_response_url: nullable(Type.String()) },
    certificates: Type.Array(Type.String({ description: 'DER in base64' })),
    encryption_certificate: nullable(Type.String({ description: 'DER in base64' })),
    ...{ metadata_url: url, sign_in_url: url, start_url: nullable(url) },
    revision: Type.Integer(),
    created_at: timestamp('When it was registered'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'SamlApplication' },
)
const params = Type.Object({ id: idOf('app') })
const reads = { tag: 'admin', guard: operator('reads') } as const
const changes = { tag: 'admin', guard: operator('changes') } as const

/** Applications that sign their users in by SAML. */
export function adminSamlRoutes(context: HttpContext): void {
  const { engine } = context
  const { issuer } = engine.settings

  route(context, 'GET /v1/admin/saml-applications', {
    ...reads,
    operationId: 'listSamlApplications',
    summary: 'Applications that sign in by SAML',
    query: Type.Object(pageQuery('app'), { additionalProperties: false }),
    reply: Type.Object({ applications: Type.Array(application), next }),
    async handler({ query }) {
      const found = await readPage(query, (page) => engine.store.samlApplications.list(page))
      return { applications: found.page.map((one) => presentSamlApplication(one, issuer)), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/saml-applications/:id', {
    ...reads,
    operationId: 'getSamlApplication',
    summary: 'One application by SAML',
    params,
    reply: application,
    errors: ['not_found'],
    async handler({ params: { id }, reply }) {
      const found = await findSamlApplication(engine, { id })
      sendRevision(reply, found.revision)
      return presentSamlApplication(found, issuer)
    },
  })
}

/** Registering, changing and removing them. */
export function adminSamlChangeRoutes(context: HttpContext): void {
  const { issuer } = context.engine.settings

  route(context, 'POST /v1/admin/saml-applications', {
    ...changes,
    operationId: 'createSamlApplication',
    summary: 'Register an application by SAML',
    description: 'By its metadata. Give the application `metadata_url`.',
    body: Type.Object(
      { slug: Type.String({ pattern: slugPattern }), ...metadataMembers, ...optional },
      { additionalProperties: false },
    ),
    reply: application,
    status: 201,
    errors: ['conflict', 'not_found'],
    async handler({ body, granted: { actor, acting }, reply }) {
      const { metadata, ...change } = changeOf(body)
      if (!metadata) throw new Problem('invalid_fields', { detail: 'metadata or metadata_url: required' })
      if (change.organisationId) await findOrganisation(acting, change.organisationId)
      const made = await addSamlApplication(acting, { ...change, metadata, slug: body.slug, actor })
      sendRevision(reply, made.revision)
      return presentSamlApplication(made, issuer)
    },
  })

  route(context, 'PATCH /v1/admin/saml-applications/:id', {
    ...changes,
    operationId: 'updateSamlApplication',
    summary: 'Change an application by SAML',
    params,
    body: Type.Object({ ...metadataMembers, ...optional }, { additionalProperties: false, minProperties: 1 }),
    reply: application,
    errors: ['not_found', 'conflict', 'precondition_failed'],
    async handler({ params: { id }, body, granted: { actor, acting }, request, reply }) {
      const found = await findSamlApplication(acting, { id })
      const [revision, change] = [wantedRevision(request), changeOf(body)]
      if (change.organisationId) await findOrganisation(acting, change.organisationId)
      const changed = await updateSamlApplication(acting, { application: found, revision, change, actor })
      sendRevision(reply, changed.revision)
      return presentSamlApplication(changed, issuer)
    },
  })

  route(context, 'DELETE /v1/admin/saml-applications/:id', {
    ...changes,
    operationId: 'deleteSamlApplication',
    summary: 'Remove an application by SAML',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found'],
    async handler({ params: { id }, granted: { actor, acting } }) {
      await removeSamlApplication(acting, { application: await findSamlApplication(acting, { id }), actor })
    },
  })
}

type Given = Partial<{
  name: string
  name_id_format: SamlApplicationChange['nameIdFormat']
  attributes: SamlApplicationChange['attributes']
  acr: SamlApplicationChange['acr']
  unsolicited: boolean
  signed_requests: boolean
  encrypted_assertions: boolean
  organisation: SamlApplicationChange['organisationId']
}> &
  Parameters<typeof metadataOf>[0]

function changeOf(body: Given): SamlApplicationChange {
  const { name, name_id_format: nameIdFormat, attributes, acr, unsolicited } = body
  const { signed_requests: signedRequests, encrypted_assertions: encrypts } = body
  const { organisation: organisationId } = body
  const metadata = metadataOf(body, { mayBeLarge: true })
  const change = {
    ...{
      name,
      nameIdFormat,
      attributes,
      acr,
      unsolicited,
      signedRequests,
      encrypts,
      organisationId,
      metadata,
    },
  }
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
