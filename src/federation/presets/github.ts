import { oauth2Preset, type ProfileTools, type UpstreamClaims } from './provider-preset.ts'

interface Address {
  email?: string
  primary?: boolean
  verified?: boolean
}

/** Only the primary, verified address is taken, and none of `noreply`, which receives nothing. */
async function profile({ endpoint = '', fetchJson }: ProfileTools): Promise<UpstreamClaims> {
  const user = (await fetchJson(endpoint)) as { id?: number; name?: string | null; login?: string }
  const addresses = (await fetchJson(`${endpoint}/emails`)) as Address[]
  const email = addresses.find(({ primary, verified }) => primary === true && verified === true)?.email
  const receives = email !== undefined && !email.endsWith('@users.noreply.github.com')
  return {
    sub: user.id,
    name: user.name ?? user.login,
    ...(receives && { email, email_verified: true }),
  }
}

export const github = oauth2Preset({
  id: 'github',
  confirmedOn: '2026-11-25',
  names: 'GitHub',
  mark: '<rect width="24" height="24" rx="12" fill="#24292f"/><path d="M12 4.3a7.7 7.7 0 0 0-2.4 15c.4.1.5-.2.5-.4v-1.4c-2.1.5-2.6-.9-2.6-.9-.4-.9-.9-1.1-.9-1.1-.7-.5.1-.5.1-.5.8.1 1.2.8 1.2.8.7 1.2 1.8.8 2.2.6.1-.5.3-.8.5-1-1.7-.2-3.5-.9-3.5-3.8 0-.8.3-1.5.8-2.1-.1-.2-.3-1 .1-2 0 0 .6-.2 2.1.8a7.3 7.3 0 0 1 3.8 0c1.5-1 2.1-.8 2.1-.8.4 1 .2 1.8.1 2 .5.6.8 1.3.8 2.1 0 2.9-1.8 3.6-3.5 3.8.3.2.5.7.5 1.4v2.1c0 .2.1.5.5.4A7.7 7.7 0 0 0 12 4.3z" fill="#fff"/>',
  settings: {
    issuer: 'https://github.com/login/oauth',
    authorization_endpoint: 'https://github.com/login/oauth/authorize',
    token_endpoint: 'https://github.com/login/oauth/access_token',
    profile_endpoint: 'https://api.github.com/user',
    scope: 'read:user user:email',
    subject: '/id',
  },
  emailTrust: 'flag',
  quirks: {
    profile,
    // The grant of the user, with all its tokens; GitHub's do not expire.
    unlink: async ({ endpoint, clientId, secret, accessToken, send }) =>
      send('DELETE', new URL(`/applications/${clientId}/grant`, endpoint).href, {
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ access_token: await accessToken() }),
      }),
  },
})
