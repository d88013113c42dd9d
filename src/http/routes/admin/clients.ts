import { type Static, Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import { brandDocument } from '../../../domain/brand.ts'
import type { Client, ClientSettings } from '../../../domain/client.ts'
import {
  addClient,
  type ClientChange,
  findClient,
  removeClient,
  rotateClientSecret,
  updateClient,
} from '../../../engine/clients/clients.ts'
import { presentClient } from '../../../engine/clients/present-client.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { idOf, noBody, nothing, nullable, timestamp } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const metadata = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description:
    'The client’s metadata (OIDC Registration §2): `client_name`, `redirect_uris`, `grant_types`…; null removes a member',
})
const settings = Type.Object(
  {
    first_party: Type.Optional(
      Type.Boolean({ description: 'First-party: no consent is asked, and it may exchange tokens' }),
    ),
    acr: Type.Optional(
      nullable(Type.Enum([...assurances], { description: 'The minimum assurance of its users' })),
    ),
    access_token_seconds: Type.Optional(nullable(Type.Integer({ minimum: 60, maximum: 86_400 }))),
    refresh_token_days: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 730 }))),
    brand: Type.Optional(nullable(brandDocument)),
    pkce_required: Type.Optional(
      Type.Boolean({
        description:
          'Whether PKCE is required (RFC 7636); waived only for a confidential client that cannot send it',
      }),
    ),
    verified_addresses_only: Type.Optional(
      Type.Boolean({ description: 'Whether it receives verified e-mail addresses only' }),
    ),
    resources: Type.Optional(
      Type.Record(Type.String({ maxLength: 512 }), Type.String({ maxLength: 1024 }), {
        description: 'APIs it may get tokens for, with their scopes',
      }),
    ),
  },
  { $id: 'ClientSettings', additionalProperties: false },
)
const change = Type.Object(
  { metadata: Type.Optional(metadata), settings: Type.Optional(settings) },
  { additionalProperties: false },
)
const clientSchema = Type.Object(
  {
    id: Type.String(),
    metadata: Type.Record(Type.String(), Type.Unknown()),
    settings,
    secrets: Type.Array(Type.Object({ expires_at: nullable(timestamp('When it expires')) })),
    revision: Type.Integer(),
    created_at: timestamp('When it was registered'),
    updated_at: timestamp('When it was last changed'),
    client_secret: Type.Optional(nullable(Type.String({ description: 'Shown once' }))),
  },
  { $id: 'Client', description: 'An application' },
)
const params = Type.Object({ id: idOf('cli') })
const rotation = nullable(
  Type.Object(
    {
      keep_hours: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 720, description: 'How long the former secret stays valid' }),
      ),
    },
    { additionalProperties: false },
  ),
)
const reads = { tag: 'admin', guard: operator('reads') } as const
const changes = { tag: 'admin', guard: operator('changes') } as const

/** Looking at applications. */
export function adminClientRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/admin/clients', {
    ...reads,
    operationId: 'listClients',
    summary: 'Applications',
    query: Type.Object(pageQuery('cli'), { additionalProperties: false }),
    reply: Type.Object({ clients: Type.Array(clientSchema), next }),
    async handler({ query }) {
      const found = await readPage(query, (page) => engine.store.clients.list(page))
      return { clients: found.page.map(presentClient), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/clients/:id', {
    ...reads,
    operationId: 'getClient',
    summary: 'One application',
    params,
    reply: clientSchema,
    errors: ['not_found'],
    async handler({ params: { id }, reply }) {
      const client = await findClient(engine, id)
      sendRevision(reply, client.revision)
      return presentClient(client)
    },
  })
}

/** Registering, changing and removing them. */
export function adminClientChangeRoutes(context: HttpContext): void {
  const { engine, openid } = context
  const check = openid.checkClient

  route(context, 'POST /v1/admin/clients', {
    ...changes,
    operationId: 'createClient',
    summary: 'Register an application',
    body: change,
    reply: clientSchema,
    status: 201,
    async handler({ body, granted: { actor, acting }, reply }) {
      const { client, secret } = await addClient(acting, { change: changeOf(body), check, actor })
      sendRevision(reply, client.revision)
      return withSecret(client, secret?.reveal() ?? null)
    },
  })

  route(context, 'PATCH /v1/admin/clients/:id', {
    ...changes,
    operationId: 'updateClient',
    summary: 'Change an application',
    params,
    body: change,
    reply: clientSchema,
    errors: ['not_found', 'conflict', 'precondition_failed'],
    async handler({ params: { id }, body, granted: { actor, acting }, request, reply }) {
      const client = await updateClient(acting, {
        id,
        revision: wantedRevision(request),
        change: changeOf(body),
        check,
        actor,
      })
      sendRevision(reply, client.revision)
      return presentClient(client)
    },
  })

  route(context, 'DELETE /v1/admin/clients/:id', {
    ...changes,
    operationId: 'deleteClient',
    summary: 'Remove an application',
    description: 'Its tokens are revoked.',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found'],
    async handler({ params: { id }, granted: { actor, acting } }) {
      await removeClient(acting, { id, actor })
    },
  })

  route(context, 'POST /v1/admin/clients/:id/rotate-secret', {
    ...changes,
    operationId: 'rotateClientSecret',
    summary: 'A new secret, shown once',
    params,
    body: rotation,
    reply: clientSchema,
    errors: ['not_found', 'conflict'],
    async handler({ params: { id }, body, granted: { actor, acting }, reply }) {
      const { client, secret } = await rotateClientSecret(acting, {
        id,
        keepHours: body?.keep_hours ?? 0,
        actor,
      })
      sendRevision(reply, client.revision)
      return withSecret(client, secret.reveal())
    },
  })

  route(context, 'POST /v1/admin/clients/invitations', {
    ...changes,
    operationId: 'createClientInvitation',
    summary: 'An initial access token for the registration of one client (RFC 7591 §3)',
    body: noBody,
    reply: Type.Object({ initial_access_token: Type.String(), registration_endpoint: Type.String() }),
    status: 201,
    handler: async ({ granted: { actor } }) => ({
      initial_access_token: await openid.offerRegistration(actor),
      registration_endpoint: `${engine.settings.issuer}/oauth/register`,
    }),
  })
}

function changeOf({ metadata = {}, settings: given = {} }: Static<typeof change>): ClientChange {
  const {
    first_party: firstParty,
    acr,
    access_token_seconds: seconds,
    refresh_token_days: days,
    resources,
    brand,
  } = given
  const { pkce_required: pkceRequired, verified_addresses_only: verifiedAddressesOnly } = given
  const all = {
    ...{ firstParty, acr, accessTokenSeconds: seconds, refreshTokenDays: days, resources, brand },
    ...{ pkceRequired, verifiedAddressesOnly },
  }
  const chosen = Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as Partial<ClientSettings>
  return { metadata, settings: chosen }
}

const withSecret = (client: Client, secret: string | null) => ({
  ...presentClient(client),
  client_secret: secret,
})
