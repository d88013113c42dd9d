import { oauth2Preset, type ProfileTools, type UpstreamClaims } from './provider-preset.ts'

interface Member {
  data?: { member?: { idNo?: string; email?: string; name?: string } }
}

/** The profile is asked for by POST, with the token in a header of its own. */
async function profile({
  endpoint = '',
  accessToken,
  clientId,
  postJson,
}: ProfileTools): Promise<UpstreamClaims> {
  const headers = { client_id: clientId, access_token: accessToken }
  const { data } = (await postJson(endpoint, headers, {})) as Member
  return { sub: data?.member?.idNo, email: data?.member?.email, name: data?.member?.name }
}

export const payco = oauth2Preset({
  id: 'payco',
  confirmedOn: '2026-11-25',
  names: { en: 'PAYCO', ko: '페이코', ja: 'PAYCO' },
  mark: '<rect width="24" height="24" rx="5" fill="#fa2828"/><path d="M8 6.5h4.6a3.9 3.9 0 0 1 0 7.8h-1.9v3.2H8zm2.7 2.4v3h1.7a1.5 1.5 0 0 0 0-3z" fill="#fff"/>',
  settings: {
    issuer: 'https://id.payco.com',
    authorization_endpoint: 'https://id.payco.com/oauth2.0/authorize',
    token_endpoint: 'https://id.payco.com/oauth2.0/token',
    profile_endpoint: 'https://apis-payco.krp.toastoven.net/payco/friends/find_member_v2.json',
    scope: '',
    subject: '/data/member/idNo',
  },
  quirks: {
    pkce: false,
    authorizationParameters: { serviceProviderCode: 'FRIENDS', userLocale: 'ko_KR' },
    profile,
  },
})
