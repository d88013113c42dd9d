import type { Connection, Preset, UpstreamEvents } from '../../domain/connection.ts'
import type { LocalNames } from '../../domain/locale.ts'
import type { LdapSettings } from '../ldap/ldap-settings.ts'
import type { OAuth2Settings } from '../oauth2/oauth2-settings.ts'
import type { OidcSettings } from '../oidc/oidc-settings.ts'

/** What a provider said: the claims of the ID token, and of what was fetched with the access token. */
export type UpstreamClaims = Readonly<Record<string, unknown>>

export interface ProfileTools {
  /** Of the ID token; empty without one. */
  claims: UpstreamClaims
  /** What the browser brought beside the code; not signed. */
  unsigned: string | undefined
  /** The endpoint of userinfo, or of the profile. */
  endpoint: string | undefined
  accessToken: string
  clientId: string
  /** JSON that the access token gives access to. Throws on anything but 200. */
  fetchJson(url: string): Promise<unknown>
  /** The same, where the token is sent otherwise. */
  postJson(url: string, headers: Record<string, string>, body: unknown): Promise<unknown>
}

export interface NoticeTools {
  fields: Readonly<Record<string, string>>
  clientId: string
  secret: string
  /** Milliseconds since the epoch. */
  now: number
  /** Of this server. */
  ownIssuer: string
}

export interface UnlinkTools {
  subject: string
  clientId: string
  secret: string
  /** Of userinfo, or of the profile. */
  endpoint: string
  /** A refreshed one, where the provider refreshes. */
  accessToken(): Promise<string>
  /** Throws on anything but 2xx. */
  send(
    method: 'POST' | 'DELETE',
    url: string,
    request: { headers: Record<string, string>; body?: string },
  ): Promise<void>
}

/** How a provider differs from the standards: data, and a few small functions. */
export interface Quirks {
  /** Of the authorization request, beside the standard ones. */
  authorizationParameters?: Readonly<Record<string, string>>
  /** Of the token request, beside the standard ones. */
  tokenParameters?: Readonly<Record<string, string>>
  /** The provider does not know PKCE. */
  pkce?: false
  /** The provider does not return `nonce`. */
  nonce?: false
  /** The provider ignores `prompt=login` and `max_age`. */
  fresh?: false
  /** What asks for a new authentication instead. */
  freshParameters?: Readonly<Record<string, string>>
  /** A reply of the token endpoint, as the standard has it. */
  conformToken?(reply: Record<string, unknown>): Record<string, unknown>
  /** Further claims, in place of userinfo (OIDC Core §5.3). */
  profile?(tools: ProfileTools): Promise<UpstreamClaims>
  /** The rule of `email_trust`: when an address counts as verified. */
  hasVerifiedEmail?(claims: UpstreamClaims): boolean
  /** Only one organisation has accounts there: it needs no flag for addresses of a domain that it owns. */
  isDirectory?: true | ((settings: Connection['settings']) => boolean)
  /** What the provider sends in a form of its own. Throws UpstreamFault. */
  readNotice?(tools: NoticeTools): UpstreamEvents
  /** The revocation endpoint (RFC 7009) on the host of the token endpoint, where metadata names none. */
  revocationPath?: string
  /** Ends what the user agreed to, in place of revoking a token. */
  unlink?(tools: UnlinkTools): Promise<void>
  /** Where the browser signs out, in place of `end_session_endpoint`. */
  signOutUrl?(asked: { issuer: string; clientId: string; returnUrl: string }): URL
}

export interface ProviderPreset extends Preset {
  quirks: Quirks
}

interface Facts {
  id: string
  /** The day on which they were compared with the provider's documents. */
  confirmedOn: string
  names: string | LocalNames
  mark?: string | null
  colours?: Preset['colours']
  emailTrust?: Preset['emailTrust']
  quirks?: Quirks
}

const presetOf = (
  kind: string,
  { id, confirmedOn, names, mark = null, colours = null, emailTrust = 'never', quirks = {} }: Facts,
  settings: Record<string, unknown>,
): ProviderPreset => ({
  ...{ id, kind, confirmedOn, settings, emailTrust, quirks, mark, colours },
  names: typeof names === 'string' ? { en: names } : names,
})

/** A provider that speaks OpenID Connect. Settings that are left out are for the operator to give. */
export const oidcPreset = (facts: Facts & { settings?: Partial<OidcSettings> }): ProviderPreset =>
  presetOf('oidc', facts, {
    scope: 'openid email profile',
    authentication: 'client_secret_post',
    ...facts.settings,
  })

/** A provider with OAuth 2.0 and a profile of its own. */
export const oauth2Preset = (facts: Facts & { settings?: Partial<OAuth2Settings> }): ProviderPreset =>
  presetOf('oauth2', facts, { authentication: 'client_secret_post', ...facts.settings })

/** An identity provider of one organisation, which its metadata describes. */
export const samlPreset = (facts: Facts): ProviderPreset =>
  presetOf('saml', { quirks: { isDirectory: true }, ...facts }, {})

/** A directory of one organisation. */
export const ldapPreset = (facts: Facts & { settings: Partial<LdapSettings> }): ProviderPreset =>
  presetOf('ldap', { quirks: { isDirectory: true }, ...facts }, facts.settings)

/** Of a directory. */
export const directory: LocalNames = {
  en: 'Company account',
  ko: '회사 계정',
  ja: '社内アカウント',
  zh: '公司账号',
  es: 'Cuenta de empresa',
  fr: 'Compte d’entreprise',
  de: 'Firmenkonto',
}

/** Of a provider that no preset knows. */
export const singleSignOn: LocalNames = {
  en: 'Single sign-on',
  ko: '통합 로그인',
  ja: 'シングルサインオン',
  zh: '单点登录',
  es: 'Inicio de sesión único',
  fr: 'Connexion unique',
}
