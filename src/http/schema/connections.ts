import { type Static, Type } from 'typebox'
import { dayToMilliseconds } from '../../domain/clock.ts'
import {
  assuranceTrusts,
  connectionStates,
  emailTrusts,
  newAccountRules,
  slugPattern,
} from '../../domain/connection.ts'
import { locales } from '../../domain/locale.ts'
import { Problem } from '../../domain/problem.ts'
import type { ConnectionChange } from '../../engine/connections/connections.ts'
import { metadataMembers, metadataOf } from './saml-metadata.ts'
import { idOf, nullable, timestamp } from './schemas.ts'

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
/** What may be set of a connection. */
export const connectionMembers = {
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
  ...metadataMembers,
}
const clientId = text(512, 'As the provider issued it')
export const connectionCreation = Type.Object(
  {
    preset: text(32, 'Such as `google` or `kakao`; that of the protocol for any other provider'),
    slug: Type.String({ pattern: slugPattern, description: 'In paths and offers; cannot be changed' }),
    client_id: Type.Optional(clientId),
    organisation: Type.Optional(
      Type.Unsafe<`org_${string}`>({
        ...idOf('org'),
        description: 'Whose members sign in by it, with addresses of its verified domains; anyone by default',
      }),
    ),
    ...connectionMembers,
  },
  { additionalProperties: false },
)
export const connectionChange = Type.Object(
  { client_id: Type.Optional(clientId), ...connectionMembers },
  { additionalProperties: false, minProperties: 1 },
)
export const connectionSchema = Type.Object(
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
    organisation: nullable(idOf('org')),
    callback_url: Type.String({ description: 'The redirect URI to register at the provider' }),
    revision: Type.Integer(),
    created_at: timestamp('When it was created'),
    updated_at: timestamp('When it was last changed'),
  },
  { $id: 'Connection', description: 'An upstream identity provider' },
)
export const finding = Type.Object({
  check: Type.String(),
  verdict: Type.Enum(['ok', 'warning', 'fault']),
  detail: Type.String(),
  fix: nullable(Type.String()),
})

function expiryOf(day: string | null | undefined): number | null | undefined {
  if (typeof day !== 'string') return day
  const at = dayToMilliseconds(day)
  if (at === undefined) throw new Problem('invalid_fields', { detail: `${day} is no day` })
  return at
}

/** As the engine takes it. `mayBeLarge`: its metadata; for operators. */
export function connectionChangeOf(
  body: Static<typeof connectionChange>,
  rights: { mayBeLarge: boolean },
): ConnectionChange {
  const all = {
    secretExpiresAt: expiryOf(body.secret_expires_on),
    ...{ names: body.names, clientId: body.client_id, secret: body.client_secret, settings: body.settings },
    ...{ state: body.state, position: body.position, emailTrust: body.email_trust },
    metadata: metadataOf(body, rights),
    ...{ assurance: body.assurance, newAccounts: body.new_accounts, domains: body.domains },
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as ConnectionChange
}
