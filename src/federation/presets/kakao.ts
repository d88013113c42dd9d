import { oidcPreset, type ProfileTools, type UpstreamClaims } from './provider-preset.ts'

interface KakaoUser {
  kakao_account?: { email?: string; is_email_valid?: boolean; is_email_verified?: boolean }
}

/**
 * The ID token has an address, but not whether it is verified: that is in `/v2/user/me`, on the host of
 * userinfo. The application must have the consent item `account_email`, or Kakao answers KOE205.
 */
async function profile({ claims, endpoint, fetchJson }: ProfileTools): Promise<UpstreamClaims> {
  if (endpoint === undefined) return { name: claims.nickname }
  const { kakao_account: account = {} } = (await fetchJson(
    new URL('/v2/user/me', endpoint).href,
  )) as KakaoUser
  return {
    name: claims.nickname,
    email: account.email,
    email_valid: account.is_email_valid,
    email_verified: account.is_email_verified,
  }
}

export const kakao = oidcPreset({
  id: 'kakao',
  confirmedOn: '2026-11-25',
  names: { en: 'Kakao', ko: '카카오', ja: 'カカオ' },
  mark: '<rect width="24" height="24" rx="5" fill="#fee500"/><path d="M12 5.5c-4.1 0-7.4 2.6-7.4 5.8 0 2.1 1.4 3.9 3.5 4.9l-.7 2.6c-.1.2.2.4.4.3l3.1-2.1 1.1.1c4.1 0 7.4-2.6 7.4-5.8S16.1 5.5 12 5.5z" fill="#191600"/>',
  colours: { background: '#fee500', ink: '#191600' },
  settings: { issuer: 'https://kauth.kakao.com', scope: 'openid profile_nickname account_email' },
  emailTrust: 'rule',
  quirks: {
    profile,
    // Invalid: another Kakao account has taken the address over.
    hasVerifiedEmail: ({ email_valid, email_verified }) => email_valid === true && email_verified === true,
    unlink: async ({ endpoint, accessToken, send }) =>
      send('POST', new URL('/v1/user/unlink', endpoint).href, {
        headers: { authorization: `Bearer ${await accessToken()}` },
      }),
    signOutUrl({ issuer, clientId, returnUrl }) {
      const url = new URL('/oauth/logout', issuer)
      url.search = String(new URLSearchParams({ client_id: clientId, logout_redirect_uri: returnUrl }))
      return url
    },
  },
})
