import { oauth2Preset } from './provider-preset.ts'

/** `user_id` is per security profile group; there is no flag for the address. */
export const amazon = oauth2Preset({
  id: 'amazon',
  confirmedOn: '2026-11-25',
  names: 'Amazon',
  settings: {
    issuer: 'https://www.amazon.com',
    authorization_endpoint: 'https://www.amazon.com/ap/oa',
    token_endpoint: 'https://api.amazon.com/auth/o2/token',
    profile_endpoint: 'https://api.amazon.com/user/profile',
    scope: 'profile',
    ...{ subject: '/user_id', email: '/email', name: '/name' },
  },
})
