import { oauth2Preset } from './provider-preset.ts'

/** `user_id` is per security profile group; there is no flag for the address. */
export const amazon = oauth2Preset({
  id: 'amazon',
  confirmedOn: '2026-11-25',
  names: 'Amazon',
  mark: '<rect width="24" height="24" rx="5" fill="#232f3e"/><path d="M5 14.5c4 3.4 9.7 3.6 13.5.9" fill="none" stroke="#f90" stroke-width="1.6" stroke-linecap="round"/><path d="m16.5 14.5 2.6.2-.4 2.5" fill="none" stroke="#f90" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"/><path d="M9.2 8.2c.4-1.4 1.5-2 2.9-2 1.7 0 2.7.8 2.7 2.5v4.2h-1.9v-.7c-.5.6-1.1.9-2 .9-1.4 0-2.4-.8-2.4-2.2 0-1.6 1.3-2.3 4.3-2.3 0-.7-.3-1-.9-1-.5 0-.8.2-.9.7zm3.6 1.8c-1.6 0-2.3.2-2.3.9 0 .4.3.7.9.7.9 0 1.4-.6 1.4-1.6z" fill="#fff"/>',
  settings: {
    issuer: 'https://www.amazon.com',
    authorization_endpoint: 'https://www.amazon.com/ap/oa',
    token_endpoint: 'https://api.amazon.com/auth/o2/token',
    profile_endpoint: 'https://api.amazon.com/user/profile',
    scope: 'profile',
    ...{ subject: '/user_id', email: '/email', name: '/name' },
  },
})
