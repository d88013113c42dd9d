import { oidcPreset } from './provider-preset.ts'

const claims = { id_token: { email: null, email_verified: null, preferred_username: null } }

/** The token response has `scope` as a list; the address is asked for by the parameter `claims`. */
export const twitch = oidcPreset({
  id: 'twitch',
  confirmedOn: '2026-11-25',
  names: 'Twitch',
  settings: { issuer: 'https://id.twitch.tv/oauth2', scope: 'openid user:read:email' },
  emailTrust: 'flag',
  quirks: {
    pkce: false,
    revocationPath: '/oauth2/revoke',
    authorizationParameters: { claims: JSON.stringify(claims) },
    conformToken: ({ scope, ...reply }) => ({
      ...reply,
      scope: Array.isArray(scope) ? scope.join(' ') : scope,
    }),
    profile: async ({ claims }) => ({ name: claims.preferred_username }),
  },
})
