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
  mark: '<rect width="24" height="24" rx="5" fill="#000"/><path d="M16.9 12.7c0-1.5 1.2-2.3 1.3-2.3-.7-1-1.8-1.2-2.2-1.2-.9-.1-1.8.6-2.3.6s-1.2-.5-2-.5c-1 0-2 .6-2.5 1.5-1.1 1.9-.3 4.6.7 6.1.6.7 1.2 1.5 2 1.5s1.1-.5 2-.5 1.2.5 2 .5 1.4-.7 1.9-1.5c.6-.9.9-1.7.9-1.7s-1.8-.7-1.8-2.5zM15.3 8.1c.4-.5.7-1.2.6-1.9-.6 0-1.3.4-1.8.9-.4.5-.7 1.2-.6 1.9.7 0 1.4-.4 1.8-.9z" fill="#fff"/>',
  settings: {
    issuer: 'https://appleid.apple.com',
    scope: 'openid name email',
    authentication: 'signed_secret',
  },
  emailTrust: 'flag',
  // With a name or an address Apple answers by a form only.
  quirks: { authorizationParameters: { response_mode: 'form_post' }, fresh: false, profile },
})
