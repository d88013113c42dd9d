import type { EmailTrust, Preset } from '../domain/connection.ts'
import type { Locale } from '../domain/locale.ts'
import type { OidcSettings } from './oidc-settings.ts'

interface Facts {
  id: string
  names: string | Readonly<Record<Locale, string>>
  /** Undefined: one of the organisation's own, which the operator gives. */
  issuer?: string
  scope?: string
  authentication?: OidcSettings['authentication']
  emailTrust?: EmailTrust
}

/** The facts were taken from the providers' documents on this day; none was tried against the provider. */
const confirmedOn = '2026-11-25'

const preset = ({ id, names, issuer, emailTrust = 'never', ...facts }: Facts): Preset => ({
  id,
  kind: 'oidc',
  confirmedOn,
  names: typeof names === 'string' ? { en: names, ko: names, ja: names } : names,
  settings: {
    scope: 'openid email profile',
    authentication: 'client_secret_post',
    ...(issuer !== undefined && { issuer }),
    ...facts,
  },
  emailTrust,
})

/** Providers whose differences from OpenID Connect do not matter before a sign-in. */
export const presets: readonly Preset[] = [
  preset({
    id: 'oidc',
    names: { en: 'Single sign-on', ko: '통합 로그인', ja: 'シングルサインオン' },
    authentication: 'client_secret_basic',
  }),
  preset({
    id: 'kakao',
    names: { en: 'Kakao', ko: '카카오', ja: 'カカオ' },
    issuer: 'https://kauth.kakao.com',
    scope: 'openid profile_nickname account_email',
    emailTrust: 'rule',
  }),
  preset({
    id: 'naver',
    names: { en: 'Naver', ko: '네이버', ja: 'NAVER' },
    issuer: 'https://nid.naver.com',
    scope: 'openid profile',
  }),
  preset({ id: 'line', names: 'LINE', issuer: 'https://access.line.me' }),
  preset({ id: 'google', names: 'Google', issuer: 'https://accounts.google.com', emailTrust: 'rule' }),
  preset({ id: 'gitlab', names: 'GitLab', issuer: 'https://gitlab.com', emailTrust: 'flag' }),
  preset({ id: 'okta', names: 'Okta', authentication: 'client_secret_basic' }),
  preset({ id: 'auth0', names: 'Auth0' }),
  preset({ id: 'keycloak', names: 'Keycloak', authentication: 'client_secret_basic' }),
]
