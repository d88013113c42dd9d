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
