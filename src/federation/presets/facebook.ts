import { readFacebookRequest } from '../events/facebook-request.ts'
import { oauth2Preset } from './provider-preset.ts'

/** The address may be absent, and there is no flag. */
export const facebook = oauth2Preset({
  id: 'facebook',
  confirmedOn: '2026-11-25',
  names: { en: 'Facebook', ko: '페이스북', ja: 'Facebook' },
  mark: '<circle cx="12" cy="12" r="12" fill="#0866ff"/><path d="M16.4 15.3l.5-3.4h-3.2V9.8c0-1 .4-1.8 1.8-1.8h1.5V5.1a17 17 0 0 0-2.6-.2c-2.6 0-4.3 1.6-4.3 4.5v2.5H7.2v3.4h2.9v8.5a12 12 0 0 0 3.6 0v-8.5z" fill="#fff"/>',
  settings: {
    issuer: 'https://www.facebook.com',
    authorization_endpoint: 'https://www.facebook.com/v24.0/dialog/oauth',
    token_endpoint: 'https://graph.facebook.com/v24.0/oauth/access_token',
    profile_endpoint: 'https://graph.facebook.com/v24.0/me?fields=id,name,email',
    scope: 'public_profile email',
    ...{ subject: '/id', email: '/email', name: '/name' },
  },
  quirks: {
    pkce: false,
    freshParameters: { auth_type: 'reauthenticate' },
    readNotice: readFacebookRequest,
    unlink: async ({ endpoint, accessToken, send }) =>
      send('DELETE', `${endpoint.replace(/\?.*/, '')}/permissions`, {
        headers: { authorization: `Bearer ${await accessToken()}` },
      }),
  },
})
