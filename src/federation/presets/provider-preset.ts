import type { Preset } from '../../domain/connection.ts'
import type { Locale } from '../../domain/locale.ts'
import type { OidcSettings } from '../oidc/oidc-settings.ts'

/** What a provider said: the claims of the ID token, and of what was fetched with the access token. */
export type UpstreamClaims = Readonly<Record<string, unknown>>

export interface ProfileTools {
  claims: UpstreamClaims
  /** Of the discovery document. */
  userinfoEndpoint: string | undefined
  /** JSON that the access token gives access to. Throws on anything but 200. */
  fetchJson(url: string): Promise<unknown>
}

/** How a provider differs from OpenID Connect: data, and a few small functions. */
export interface Quirks {
  /** Of the token request, beside the standard ones. */
  tokenParameters?: Readonly<Record<string, string>>
  /** The provider does not return `nonce`. */
  nonce?: false
  /** The provider ignores `prompt=login` and `max_age`. */
  fresh?: false
  /** Further claims, in place of userinfo (OIDC Core §5.3). */
  profile?(tools: ProfileTools): Promise<UpstreamClaims>
  /** The rule of `email_trust`: when an address counts as verified. */
  hasVerifiedEmail?(claims: UpstreamClaims): boolean
}

export interface ProviderPreset extends Preset {
  quirks: Quirks
}

interface Facts {
  id: string
  /** The day on which they were compared with the provider's documents. */
  confirmedOn: string
  names: string | Readonly<Record<Locale, string>>
  /** Absent: the organisation's own, which the operator gives. */
  issuer?: string
  scope?: string
  authentication?: OidcSettings['authentication']
  /** Of the ID token's signature, where it is not the one that discovery names. */
  algorithm?: OidcSettings['algorithm']
  emailTrust?: Preset['emailTrust']
  quirks?: Quirks
}

/** A provider that speaks OpenID Connect. */
export function oidcPreset({
  id,
  confirmedOn,
  names,
  issuer,
  scope = 'openid email profile',
  authentication = 'client_secret_post',
  algorithm,
  emailTrust = 'never',
  quirks = {},
}: Facts): ProviderPreset {
  return {
    id,
    kind: 'oidc',
    confirmedOn,
    names: typeof names === 'string' ? { en: names, ko: names, ja: names } : names,
    settings: {
      scope,
      authentication,
      ...(issuer !== undefined && { issuer }),
      ...(algorithm !== undefined && { algorithm }),
    },
    emailTrust,
    quirks,
  }
}
