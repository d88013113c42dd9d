import { oidcPreset } from './provider-preset.ts'

const claims = { id_token: { email: null, email_verified: null, preferred_username: null } }

/** The token response has `scope` as a list; the address is asked for by the parameter `claims`. */
export const twitch = oidcPreset({
  id: 'twitch',
  confirmedOn: '2026-11-25',
  names: 'Twitch',
  mark: '<path d="M4 2h17v11.5L16.5 18H13l-3 3H7.5v-3H3V5z" fill="#9146ff"/><path d="M6 4h13v9l-2.5 2.5H13l-2.5 2.5v-2.5H6z" fill="#fff"/><path d="M11 7h1.7v5H11zm4.2 0h1.7v5h-1.7z" fill="#9146ff"/>',
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
