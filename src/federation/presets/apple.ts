import { oidcPreset, type ProfileTools, type UpstreamClaims } from './provider-preset.ts'

/** The name comes once, at the first consent, in a form field that is not signed: it is for display only. */
async function profile({ unsigned }: ProfileTools): Promise<UpstreamClaims> {
  if (unsigned === undefined) return {}
  try {
    const { name } = JSON.parse(unsigned) as { name?: { firstName?: unknown; lastName?: unknown } }
    const parts = [name?.firstName, name?.lastName].filter((part) => typeof part === 'string')
    return parts.length === 0 ? {} : { name: parts.join(' ') }
  } catch {
    return {}
  }
}

/** The secret is the private key of the Services ID; `team` and `key_id` belong to it. No userinfo. */
export const apple = oidcPreset({
  id: 'apple',
  confirmedOn: '2026-11-25',
  names: 'Apple',
  settings: {
    issuer: 'https://appleid.apple.com',
    scope: 'openid name email',
    authentication: 'signed_secret',
  },
  emailTrust: 'flag',
  // With a name or an address Apple answers by a form only.
  quirks: { authorizationParameters: { response_mode: 'form_post' }, fresh: false, profile },
})
