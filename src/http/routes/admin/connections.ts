import { type Static, Type } from 'typebox'
import { dayToMilliseconds } from '../../../domain/clock.ts'
import {
  assuranceTrusts,
  connectionStates,
  emailTrusts,
  newAccountRules,
  slugPattern,
} from '../../../domain/connection.ts'
import { locales } from '../../../domain/locale.ts'
import { Problem } from '../../../domain/problem.ts'
import {
  addConnection,
  type ConnectionChange,
  findConnection,
  removeConnection,
  testConnection,
  updateConnection,
} from '../../../engine/connections/connections.ts'
import { presentConnection } from '../../../engine/connections/present-connection.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { idOf, noBody, nothing, nullable, timestamp } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description })
const names = Type.Object(
  Object.fromEntries(locales.map((locale) => [locale, Type.Optional(Type.String({ maxLength: 64 }))])),
  { additionalProperties: false, description: 'The name on buttons, by language; the preset’s by default' },
)
const settings = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
  description: 'By kind, such as `issuer`, `scope`, `authentication` and `algorithm`',
})
const state = Type.Enum([...connectionStates], {
  description: '`link-only`: accounts may link an identity, but it signs no one in',
})
const position = Type.Integer({ minimum: 1, maximum: 10_000, description: 'Lower ones are offered first' })
const emailTrust = Type.Enum([...emailTrusts], {
  description: 'When the provider’s e-mail address counts as verified',
})
const assurance = Type.Enum([...assuranceTrusts], { description: 'Whether its `acr` and `amr` count' })
const newAccounts = Type.Enum([...newAccountRules], {
  description: 'Whether an unknown identity gets an account',
})
const secret = nullable(
  Type.String({
    minLength: 1,
    maxLength: 8192,
    description: 'A client secret, or a private key in PEM; never sent back',
  }),
)
const expiry = nullable(
  Type.String({
    pattern: '^\\d{4}-\\d\\d-\\d\\d$',
    description: 'The day on which the secret or key expires, in UTC; `sumun doctor` warns a month before',
  }),
)
const domains = Type.Array(Type.String({ minLength: 3, maxLength: 253 }), {
  maxItems: 100,
  description:
    'Mail domains that the provider owns: an identity with such an address joins the account that has it, without a further proof',
})
const members = {
  names: Type.Optional(names),
  client_secret: Type.Optional(secret),
  secret_expires_on: Type.Optional(expiry),
  settings: Type.Optional(settings),
  state: Type.Optional(state),
  position: Type.Optional(position),
  email_trust: Type.Optional(emailTrust),
  assurance: Type.Optional(assurance),
  new_accounts: Type.Optional(newAccounts),
  domains: Type.Optional(domains),
}
const clientId = text(512, 'As the provider issued it')
const creation = Type.Object(
  {
    preset: text(32, 'Such as `google` or `kakao`; that of the protocol for any other provider'),
    slug: Type.String({ pattern: slugPattern, description: 'In paths and offers; cannot be changed' }),
    client_id: clientId,
    ...members,
  },
  { additionalProperties: false },
)
const change = Type.Object(
  { client_id: Type.Optional(clientId), ...members },
  { additionalProperties: false, minProperties: 1 },
)
const connectionSchema = Type.Object(
  {
    id: Type.String(),
    slug: Type.String(),
    kind: Type.String(),
    preset: Type.String(),
    names: Type.Record(Type.String(), Type.String()),
    client_id: Type.String(),
    has_secret: Type.Boolean(),
    secret_expires_on: expiry,
    settings: Type.Record(Type.String(), Type.Unknown()),
    state,
    position: Type.Integer(),
    email_trust: emailTrust,
    assurance,
    new_accounts: newAccounts,
    domains,
    callback_url: Type.String({ description: 'The redirect URI to register at the provider' }),
    revision: Type.Integer(),
    created_at: timestamp('When it was created'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'Connection', description: 'An upstream identity provider' },
)
const finding = Type.Object({
  check: Type.String(),
  verdict: Type.Enum(['ok', 'warning', 'fault']),
  detail: Type.String(),
  fix: nullable(Type.String()),
})
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
      const connection = await findConnection(engine, id)
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
      findings: await testConnection(acting, await findConnection(acting, id)),
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
    body: creation,
    reply: connectionSchema,
    status: 201,
    errors: ['conflict'],
    async handler({ body, granted: { actor, acting }, reply }) {
      const { preset, slug } = body
      const connection = await addConnection(acting, { ...changeOf(body), preset, slug, actor })
      sendRevision(reply, connection.revision)
      return presentConnection(connection, issuer)
    },
  })

  route(context, 'PATCH /v1/admin/connections/:id', {
    ...changes,
    operationId: 'updateConnection',
    summary: 'Change a connection',
    params,
    body: change,
    reply: connectionSchema,
    errors: ['not_found', 'conflict', 'precondition_failed'],
    async handler({ params: { id }, body, granted: { actor, acting }, request, reply }) {
      const connection = await updateConnection(acting, {
        connection: await findConnection(acting, id),
        revision: wantedRevision(request),
        change: changeOf(body),
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
      await removeConnection(acting, { connection: await findConnection(acting, id), actor })
    },
  })
}

function expiryOf(day: string | null | undefined): number | null | undefined {
  if (typeof day !== 'string') return day
  const at = dayToMilliseconds(day)
  if (at === undefined) throw new Problem('invalid_fields', { detail: `${day} is no day` })
  return at
}

function changeOf(body: Static<typeof change>): ConnectionChange {
  const all = {
    secretExpiresAt: expiryOf(body.secret_expires_on),
    ...{ names: body.names, clientId: body.client_id, secret: body.client_secret, settings: body.settings },
    ...{ state: body.state, position: body.position, emailTrust: body.email_trust },
    ...{ assurance: body.assurance, newAccounts: body.new_accounts, domains: body.domains },
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as ConnectionChange
}
