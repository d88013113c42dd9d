import type { TSchema } from 'typebox'
import type { ConnectionId } from './id.ts'
import type { Locale } from './locale.ts'

/** `link-only`: accounts may link an identity, but it signs no one in. */
export const connectionStates = ['enabled', 'link-only', 'disabled'] as const
export type ConnectionState = (typeof connectionStates)[number]

/** When the provider's e-mail address counts as verified: never, by its flag, or by a rule of the preset. */
export const emailTrusts = ['never', 'flag', 'rule'] as const
export type EmailTrust = (typeof emailTrusts)[number]

/** Whether the provider's `acr` and `amr` count here. */
export const assuranceTrusts = ['ignore', 'map'] as const
export type AssuranceTrust = (typeof assuranceTrusts)[number]

/** Whether an unknown identity gets an account. */
export const newAccountRules = ['create', 'invite', 'never'] as const
export type NewAccountRule = (typeof newAccountRules)[number]

/** An upstream identity provider, as data. Times are milliseconds since the epoch. */
export interface Connection {
  id: ConnectionId
  /** In paths and offers; unique. */
  slug: string
  /** The protocol, by the id of its kind. */
  kind: string
  preset: string
  /** Its name on buttons, by language; the preset's where one is missing. */
  names: Partial<Record<Locale, string>>
  clientId: string
  /** A client secret, or a private key in PEM. */
  secretSealed: string | null
  /** By the schema of the kind. */
  settings: Record<string, unknown>
  state: ConnectionState
  /** Lower ones are offered first. */
  position: number
  emailTrust: EmailTrust
  assurance: AssuranceTrust
  newAccounts: NewAccountRule
  revision: number
  createdAt: number
  updatedAt: number
}

export const slugPattern = '^[a-z][a-z0-9-]{1,31}$'

/** The redirect URI to register at the provider. */
export const callbackUrl = (issuer: string, { slug }: Pick<Connection, 'slug'>): string =>
  `${issuer}/v1/callback/${slug}`

/** A provider's facts: what `connection add` fills in. */
export interface Preset {
  id: string
  kind: string
  /** When its facts were last compared with the provider's documents. */
  confirmedOn: string
  names: Readonly<Record<Locale, string>>
  settings: Readonly<Record<string, unknown>>
  emailTrust: EmailTrust
}

export interface ConnectionFinding {
  check: 'settings' | 'discovery' | 'keys' | 'client' | 'redirect' | 'clock'
  verdict: 'ok' | 'warning' | 'fault'
  detail: string
  /** What to do; null if nothing is. */
  fix: string | null
}

export interface ConnectionProbe {
  connection: Connection
  /** Unsealed; null if none is set. */
  secret: string | null
  callbackUrl: string
  /** Milliseconds since the epoch. */
  now: number
}

/** A protocol for connections, such as OpenID Connect. */
export interface ConnectionKind {
  id: string
  settings: TSchema
  /** Calls the provider, and says in words what is wrong. Never throws. */
  test(probe: ConnectionProbe): Promise<ConnectionFinding[]>
}

/** What this server can connect to. */
export interface Federation {
  kinds: readonly ConnectionKind[]
  presets: readonly Preset[]
}
