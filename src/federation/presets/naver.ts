import { readNaverUnlink } from '../events/naver-unlink.ts'
import { oidcPreset, type ProfileTools, type UpstreamClaims } from './provider-preset.ts'

interface NaverProfile {
  resultcode?: string
  response?: { id?: string; email?: string; name?: string; nickname?: string }
}

/** Userinfo is wrapped in `response`, and has `id` in place of `sub`. */
async function profile({ endpoint, fetchJson }: ProfileTools): Promise<UpstreamClaims> {
  if (endpoint === undefined) return {}
  const { resultcode, response } = (await fetchJson(endpoint)) as NaverProfile
  if (resultcode !== '00' || response === undefined) return {}
  return { sub: response.id, email: response.email, name: response.name ?? response.nickname }
}

/** The address is one for contact, which its user can change: it never counts as verified. */
export const naver = oidcPreset({
  id: 'naver',
  confirmedOn: '2026-11-25',
  names: { en: 'Naver', ko: '네이버', ja: 'NAVER' },
  mark: '<rect width="24" height="24" rx="5" fill="#03c75a"/><path d="M7 6.5h3.3l3.4 5.1V6.5H17v11h-3.3l-3.4-5.1v5.1H7z" fill="#fff"/>',
  settings: { issuer: 'https://nid.naver.com', scope: 'openid profile' },
  quirks: {
    ...{ nonce: false, fresh: false, freshParameters: { auth_type: 'reauthenticate' }, profile },
    readNotice: readNaverUnlink,
    revocationPath: '/oauth2.0/revoke',
  },
})
