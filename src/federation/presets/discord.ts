import { oauth2Preset } from './provider-preset.ts'

export const discord = oauth2Preset({
  id: 'discord',
  confirmedOn: '2026-11-25',
  names: 'Discord',
  mark: '<rect width="24" height="24" rx="5" fill="#5865f2"/><path d="M17.2 7.3A11 11 0 0 0 14.5 6.5l-.4.8a10 10 0 0 0-4.2 0l-.4-.8a11 11 0 0 0-2.7.8C5.1 9.9 4.6 12.3 4.9 14.8A11 11 0 0 0 8.2 16.5l.7-1.2-1.1-.5.3-.2a7.9 7.9 0 0 0 7.8 0l.3.2-1.1.5.7 1.2a11 11 0 0 0 3.3-1.7c.3-2.9-.5-5.3-1.9-7.5zM9.6 13.3c-.7 0-1.2-.6-1.2-1.3s.5-1.3 1.2-1.3 1.2.6 1.2 1.3-.5 1.3-1.2 1.3zm4.8 0c-.7 0-1.2-.6-1.2-1.3s.5-1.3 1.2-1.3 1.2.6 1.2 1.3-.5 1.3-1.2 1.3z" fill="#fff"/>',
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
