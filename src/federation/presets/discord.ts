import { oauth2Preset } from './provider-preset.ts'

export const discord = oauth2Preset({
  id: 'discord',
  confirmedOn: '2026-11-25',
  names: 'Discord',
  settings: {
    issuer: 'https://discord.com',
    authorization_endpoint: 'https://discord.com/oauth2/authorize',
    token_endpoint: 'https://discord.com/api/oauth2/token',
    profile_endpoint: 'https://discord.com/api/users/@me',
    revocation_endpoint: 'https://discord.com/api/oauth2/token/revoke',
    scope: 'identify email',
    ...{ subject: '/id', email: '/email', email_verified: '/verified', name: '/global_name' },
  },
  emailTrust: 'flag',
})
