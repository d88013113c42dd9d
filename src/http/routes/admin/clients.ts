import { type Static, Type } from 'typebox'
import { assurances } from '../../../domain/assurance.ts'
import { brandDocument } from '../../../domain/brand.ts'
import type { Client, ClientSettings } from '../../../domain/client.ts'
import { idPattern } from '../../../domain/id.ts'
import {
  addClient,
  type ClientChange,
  findClient,
  removeClient,
  rotateClientSecret,
  updateClient,
} from '../../../engine/clients/clients.ts'
import { presentClient } from '../../../engine/clients/present-client.ts'
import { adminCaller, sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import type { HttpContext } from '../../context.ts'
import { nullable, timestamp } from '../../schema/schemas.ts'
import { changing, limitOf, next, pageOf, pageQuery, reading, shared } from './paging.ts'

const metadata = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description:
    'What the application says of itself (OIDC Registration §2): `client_name`, `redirect_uris`, `grant_types`…; null takes one away',
})
const settings = Type.Object(
  {
    first_party: Type.Optional(Type.Boolean({ description: 'Our own: nobody is asked for consent, and it may exchange tokens' })),
    acr: Type.Optional(nullable(Type.Enum([...assurances], { description: 'The least its users must prove' }))),
    access_token_seconds: Type.Optional(nullable(Type.Integer({ minimum: 60, maximum: 86_400 }))),
    refresh_token_days: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 730 }))),
    brand: Type.Optional(nullable(brandDocument)),
    pkce_required: Type.Optional(
      Type.Boolean({ description: 'Whether it must send a code challenge (RFC 7636); waived only for a confidential client that cannot' }),
    ),
    verified_addresses_only: Type.Optional(
      Type.Boolean({ description: 'Whether addresses that their owner has not confirmed are kept from it' }),
    ),
    resources: Type.Optional(
      Type.Record(Type.String({ maxLength: 512 }), Type.String({ maxLength: 1024 }), {
        description: 'APIs it may get tokens for, with their scopes',
      }),
    ),
  },
  { additionalProperties: false },
)
const change = Type.Object({ metadata: Type.Optional(metadata), settings: Type.Optional(settings) }, { additionalProperties: false })
const clientSchema = Type.Object(
  {
    id: Type.String(),
    metadata: Type.Record(Type.String(), Type.Unknown()),
    settings,
    secrets: Type.Array(Type.Object({ expires_at: nullable(timestamp('Until when it is good')) })),
    revision: Type.Integer(),
    created_at: timestamp('When it was registered'),
    updated_at: timestamp('When it was last changed'),
    client_secret: Type.Optional(nullable(Type.String({ description: 'Shown once' }))),
  },
  { description: 'An application' },
)
const params = Type.Object({ id: Type.String({ pattern: idPattern('cli') }) })
const listQuery = Type.Object(pageQuery, { additionalProperties: false })
const rotation = Type.Union([
  Type.Object(
    { keep_hours: Type.Optional(Type.Integer({ minimum: 0, maximum: 720, description: 'How long the former secret stays good' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
])
type Id = { id: string }

/** Looking at applications. */
export function adminClientRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/admin/clients', {
    schema: {
      ...shared,
      summary: 'Applications',
      querystring: listQuery,
      response: { 200: Type.Object({ clients: Type.Array(clientSchema), next }), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const query = request.query as Static<typeof listQuery>
      const limit = limitOf(query)
      const found = pageOf(await engine.store.clients.list({ after: query.after ?? null, limit: limit + 1 }), limit, ({ id }) => id)
      return { clients: found.page.map(presentClient), next: found.next }
    },
  })

  app.get('/v1/admin/clients/:id', {
    schema: { ...shared, summary: 'One application', params, response: { 200: clientSchema, ...reading('not_found') } },
    async handler(request, reply) {
      await adminCaller(engine, request, 'reads')
      const client = await findClient(engine, (request.params as Id).id)
      return sendRevision(reply, client.revision).send(presentClient(client))
    },
  })
}

/** Registering, changing and removing them. */
export function adminClientChangeRoutes({ app, engine, openid }: HttpContext): void {
  const check = openid.checkClient

  app.post('/v1/admin/clients', {
    schema: { ...shared, summary: 'Register an application', body: change, response: { 201: clientSchema, ...changing() } },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { client, secret } = await addClient(acting, { change: changeOf(request.body), check, actor })
      return sendRevision(reply, client.revision)
        .code(201)
        .send(withSecret(client, secret?.reveal() ?? null))
    },
  })

  app.patch('/v1/admin/clients/:id', {
    schema: {
      ...shared,
      summary: 'Change an application',
      params,
      body: change,
      response: { 200: clientSchema, ...changing('not_found', 'conflict', 'precondition_failed') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const given = { id: (request.params as Id).id, revision: wantedRevision(request), change: changeOf(request.body), check, actor }
      const client = await updateClient(acting, given)
      return sendRevision(reply, client.revision).send(presentClient(client))
    },
  })

  app.delete('/v1/admin/clients/:id', {
    schema: {
      ...shared,
      summary: 'Remove an application',
      description: 'Its tokens are refused from then on.',
      params,
      response: { 204: Type.Null({ description: 'It is gone' }), ...changing('not_found') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      await removeClient(acting, { id: (request.params as Id).id, actor })
      return reply.code(204).send()
    },
  })

  app.post('/v1/admin/clients/:id/rotate-secret', {
    schema: {
      ...shared,
      summary: 'A new secret, shown once',
      params,
      body: rotation,
      response: { 200: clientSchema, ...changing('not_found', 'conflict') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { keep_hours: keepHours = 0 } = (request.body ?? {}) as { keep_hours?: number }
      const { client, secret } = await rotateClientSecret(acting, { id: (request.params as Id).id, keepHours, actor })
      return sendRevision(reply, client.revision).send(withSecret(client, secret.reveal()))
    },
  })

  app.post('/v1/admin/clients/invitations', {
    schema: {
      ...shared,
      summary: 'A token with which one application registers itself (RFC 7591 §3)',
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 201: Type.Object({ initial_access_token: Type.String(), registration_endpoint: Type.String() }), ...changing() },
    },
    async handler(request, reply) {
      const token = await openid.offerRegistration((await adminCaller(engine, request, 'changes')).actor)
      return reply.code(201).send({ initial_access_token: token, registration_endpoint: `${engine.settings.issuer}/oauth/register` })
    },
  })
}

function changeOf(body: unknown): ClientChange {
  const { metadata = {}, settings: given = {} } = body as Static<typeof change>
  const { first_party: firstParty, acr, access_token_seconds: seconds, refresh_token_days: days, resources, brand } = given
  const { pkce_required: pkceRequired, verified_addresses_only: verifiedAddressesOnly } = given
  const all = {
    ...{ firstParty, acr, accessTokenSeconds: seconds, refreshTokenDays: days, resources, brand },
    ...{ pkceRequired, verifiedAddressesOnly },
  }
  const chosen = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<ClientSettings>
  return { metadata, settings: chosen }
}

const withSecret = (client: Client, secret: string | null) => ({ ...presentClient(client), client_secret: secret })
