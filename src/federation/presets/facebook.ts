import { oauth2Preset } from './provider-preset.ts'

/** The address may be absent, and there is no flag. */
export const facebook = oauth2Preset({
  id: 'facebook',
  confirmedOn: '2026-11-25',
  names: { en: 'Facebook', ko: '페이스북', ja: 'Facebook' },
  settings: {
    issuer: 'https://www.facebook.com',
    authorization_endpoint: 'https://www.facebook.com/v24.0/dialog/oauth',
    token_endpoint: 'https://graph.facebook.com/v24.0/oauth/access_token',
    profile_endpoint: 'https://graph.facebook.com/v24.0/me?fields=id,name,email',
    scope: 'public_profile email',
    ...{ subject: '/id', email: '/email', name: '/name' },
  },
  quirks: { pkce: false, freshParameters: { auth_type: 'reauthenticate' } },
})
