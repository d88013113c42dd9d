import { oauth2Preset } from './provider-preset.ts'

/** PKCE is required. `confirmed_email` is there if the application has the scope and the user an address. */
export const x = oauth2Preset({
  id: 'x',
  confirmedOn: '2026-11-25',
  names: 'X',
  mark: '<rect width="24" height="24" rx="5" fill="#000"/><path d="M6.5 6.5h2.9l3.2 4.3 3.7-4.3H18l-4.6 5.4 5 6.6h-2.9l-3.5-4.7-4 4.7H6.2l5-5.8z" fill="#fff"/>',
  settings: {
    issuer: 'https://x.com',
    authorization_endpoint: 'https://x.com/i/oauth2/authorize',
    token_endpoint: 'https://api.x.com/2/oauth2/token',
    profile_endpoint: 'https://api.x.com/2/users/me?user.fields=confirmed_email',
    revocation_endpoint: 'https://api.x.com/2/oauth2/revoke',
    scope: 'users.read tweet.read users.email',
    authentication: 'client_secret_basic',
    ...{ subject: '/data/id', email: '/data/confirmed_email', name: '/data/name' },
  },
  quirks: { hasVerifiedEmail: ({ email }) => typeof email === 'string' },
})
