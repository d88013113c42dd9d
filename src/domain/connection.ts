import type { TSchema } from 'typebox'
import type { ConnectionId, OrganisationId } from './id.ts'
import type { KeyRotation } from './key-rotation.ts'
import type { Locale, LocalNames } from './locale.ts'
import type { MetadataSource } from './metadata-source.ts'
import type { Random } from './random.ts'
import type { SamlProtocol } from './saml-application.ts'
import type { UpstreamAnswer } from './upstream-answer.ts'

/** `link-only`: accounts may link an identity, but it signs no one in. */
export const connectionStates = ['enabled', 'link-only', 'disabled'] as const
export type ConnectionState = (typeof connectionStates)[number]

/** `link`: to an account that was proved otherwise. */
export type ConnectionUse = 'sign-in' | 'link'

export const isOpenFor = ({ state }: Pick<Connection, 'state'>, use: ConnectionUse): boolean =>
  state === 'enabled' || (use === 'link' && state === 'link-only')

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
  /** As the provider said, or the operator; null if it does not expire. */
  secretExpiresAt: number | null
  /** By the schema of the kind. */
  settings: Record<string, unknown>
  state: ConnectionState
  /** Lower ones are offered first. */
  position: number
  emailTrust: EmailTrust
  assurance: AssuranceTrust
  newAccounts: NewAccountRule
  /** Mail domains that the provider owns: its identity joins the account with such an address. */
  domains: readonly string[]
  /**
   * The organisation whose members sign in by it; null: anyone. It is offered for addresses of the
   * organisation's verified domains, which are then its `domains`.
   */
  organisationId: OrganisationId | null
  revision: number
  createdAt: number
  updatedAt: number
}

export const slugPattern = '^[a-z][a-z0-9-]{0,31}$'

/** Where this server describes itself to the provider; also its name there. */
export const selfUrl = (issuer: string, { slug }: Pick<Connection, 'slug'>): string =>
  `${issuer}/v1/connections/${slug}/metadata`

/** Where single logout of the provider ends and begins here. */
export const logoutUrl = (issuer: string, { slug }: Pick<Connection, 'slug'>): string =>
  `${issuer}/v1/connections/${slug}/logout`

/** The redirect URI to register at the provider. */
export const callbackUrl = (issuer: string, { slug }: Pick<Connection, 'slug'>): string =>
  `${issuer}/v1/callback/${slug}`

export interface ButtonColours {
  background: string
  ink: string
}

/** A provider's facts: what `connection add` fills in. */
export interface Preset {
  id: string
  kind: string
  /** When its facts were last compared with the provider's documents. */
  confirmedOn: string
  names: LocalNames
  /** The provider's mark for buttons: SVG elements in a square of 24 units. Null: its initial. */
  mark: string | null
  /** Of its button, where its rules ask for them and they have contrast (WCAG 1.4.3); `#rrggbb`. */
  colours: ButtonColours | null
  settings: Readonly<Record<string, unknown>>
  emailTrust: EmailTrust
}

export interface ConnectionFinding {
  check: 'settings' | 'discovery' | 'keys' | 'client' | 'redirect' | 'clock' | 'claims' | 'leaving'
  verdict: 'ok' | 'warning' | 'fault'
  detail: string
  /** What to do; null if nothing is. */
  fix: string | null
}

/** What calls a provider. */
export interface ConnectionCall {
  connection: Connection
  /** Unsealed; null if none is set. */
  secret: string | null
  callbackUrl: string
  /** Of this server. */
  ownIssuer: string
  /** Milliseconds since the epoch. */
  now: number
  random: Random
}

export interface UpstreamWish {
  /** Comes back with the answer. */
  state: string
  /** For the provider's form. */
  loginHint: string | null
  /** The provider authenticates the user anew, and says when. */
  fresh: boolean
}

/** What a provider says of a user. */
export interface UpstreamIdentity {
  issuer: string
  /** Unique within the issuer, and never an address. */
  subject: string
  email: string | null
  /** By the rule of the connection; an unverified address proves nothing. */
  emailVerified: boolean
  /** It is of a domain that the connection owns. */
  ownsEmail: boolean
  name: string | null
  /** As the provider calls them; for the roles of members. */
  groups: readonly string[]
  /** What was proved there (RFC 8176), where the connection maps it; otherwise empty. */
  amr: readonly string[]
  /** For unlinking and signing out there, where the connection does that; otherwise null. */
  tokens: UpstreamTokens | null
}

/** Of a provider, for one user. Kept sealed. */
export interface UpstreamTokens {
  access: string | null
  refresh: string | null
  id: string | null
}

/**
 * Finds a credential by an identity: never by an address. An issuer is a URL, and has no space. What an
 * organisation's connection says holds within that organisation: its admin could name any issuer.
 */
export const identityLookup = (
  { organisationId }: Pick<Connection, 'organisationId'>,
  { issuer, subject }: Pick<UpstreamIdentity, 'issuer' | 'subject'>,
): string => `${organisationId === null ? '' : `${organisationId} `}${issuer} ${subject}`

/** Why an upstream sign-in failed: `misconfigured` and `invalid` need the operator. */
type UpstreamFaultReason = 'cancelled' | 'unavailable' | 'invalid' | 'stale' | 'misconfigured'

export class UpstreamFault extends Error {
  readonly reason: UpstreamFaultReason
  constructor(reason: UpstreamFaultReason, detail: string, options?: { cause: unknown }) {
    super(detail, options)
    this.reason = reason
  }
}

/** What a user typed, of a directory. */
export interface TypedAnswer {
  username: string
  /** Never empty. */
  password: string
}

/** `expired` and `disabled` are said of an account only if its password is right. */
export type Checked =
  | { identity: UpstreamIdentity }
  | { refused: 'wrong' | 'expired' | 'disabled'; detail: string }

/** The way through one connection. */
export interface Upstream {
  connection: Connection
  /** Where the browser is sent, and what the answer is checked against. Throws UpstreamFault. */
  authorize(wish: UpstreamWish): Promise<{ url: string; memory: Record<string, unknown> }>
  /** Throws UpstreamFault. */
  identify(answer: UpstreamAnswer, memory: Record<string, unknown>): Promise<UpstreamIdentity>
  /** Where the answer is typed here instead. Throws UpstreamFault. */
  check(answer: TypedAnswer): Promise<Checked>
}

/**
 * The connections of one protocol. `address`: that of the organisation which has its domain, or the first for
 * anyone. Undefined if there is none, or if it is not enabled for the use.
 */
export type OpenUpstream = (
  which: { slug: string } | { id: ConnectionId } | { address: string },
  use: ConnectionUse,
) => Promise<Upstream | undefined>

/** What a provider sends by itself: a signed token, fields of a form of its own, or a browser. */
export type UpstreamNotice =
  | { token: string }
  | { fields: Readonly<Record<string, string>> }
  /** Of a redirect, as it came: its encoding is signed. */
  | { query: string }

/** What a provider tells by itself. */
export interface UpstreamEvents {
  /** Of the token; an id takes effect once. */
  id: string
  events: {
    /** Its URI, for the audit log. */
    kind: string
    subject: string
    /** `note`: only recorded. */
    action: 'end-sessions' | 'unlink' | 'note'
  }[]
  /** Whose users they are; that of the settings by default. */
  issuer?: string
  /** What the provider expects; 202 by default. `location`: where the browser continues. */
  reply?: { status: number; body?: Readonly<Record<string, string>>; location?: string }
}

/** A protocol for connections, such as OpenID Connect. `id`: of the method that proves by it. */
export interface ConnectionKind {
  id: string
  settings: TSchema
  /** Whether a client id must be given; true by default. */
  needsClient?: false
  /** Calls the provider, and says in words what is wrong. Never throws. */
  test(call: ConnectionCall): Promise<ConnectionFinding[]>
  /** See Upstream: by a redirect, or by what is typed here. */
  authorize?(call: ConnectionCall, wish: UpstreamWish): ReturnType<Upstream['authorize']>
  identify?(
    call: ConnectionCall,
    answer: UpstreamAnswer,
    memory: Record<string, unknown>,
  ): Promise<UpstreamIdentity>
  check?(call: ConnectionCall, answer: TypedAnswer): Promise<Checked>
  /** Whether an answer that was not asked for may begin a sign-in, whose own request then follows. */
  beginsThere?(connection: Connection): boolean
  /** Where it can be asked of users who are not here. */
  directory?: {
    /** Of its identities. */
    issuer(connection: Connection): string
    /** Whether the connection can search without a user's password. */
    canBeAsked(connection: Connection): boolean
    /** Of these subjects, those who are gone or disabled there. Throws UpstreamFault. */
    findGone(call: ConnectionCall, subjects: readonly string[]): Promise<string[]>
  }
  /** Undefined if the provider tells nothing. Throws UpstreamFault for what it did not send. */
  receive(call: ConnectionCall, notice: UpstreamNotice): Promise<UpstreamEvents | undefined>
  /** Ends what the user agreed to there. False if the provider has no way. Throws UpstreamFault. */
  unlink(call: ConnectionCall, identity: { subject: string; tokens: UpstreamTokens }): Promise<boolean>
  /** Where the browser signs out there, and returns to `returnUrl`; undefined if the provider has no page. */
  signOutUrl(
    call: ConnectionCall,
    asked: { idToken: string | null; returnUrl: string },
  ): Promise<string | undefined>
  /** This server, as the provider is told of it (XML); where the protocol has such a document. */
  describeSelf?(call: ConnectionCall): string
  /** Throws UpstreamFault for what can be no secret of it. */
  checkSecret?(secret: string): void
  /** A secret of our own making, where the provider gives none. */
  createSecret?(connection: Pick<Connection, 'slug'>, now: number): Promise<string>
  /** First with a next key, of which the provider can learn; then with that as the current one. */
  rotateSecret?(secret: string | null, rotation: KeyRotation): Promise<string>
  /** The settings that metadata fills in, and when its keys expire. Throws UpstreamFault. */
  readMetadata?(given: {
    source: MetadataSource
    now: number
  }): Promise<{ settings: Record<string, unknown>; expiresAt: number }>
}

/** What this server can connect to. */
export interface Federation {
  kinds: readonly ConnectionKind[]
  presets: readonly Preset[]
  /** For applications that speak nothing else. */
  identityProvider: SamlProtocol
}
