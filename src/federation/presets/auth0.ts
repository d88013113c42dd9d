import { oidcPreset } from './provider-preset.ts'

/** The issuer ends in a slash. `email_verified` is what the connection behind it said. */
export const auth0 = oidcPreset({
  id: 'auth0',
  confirmedOn: '2026-11-25',
  names: 'Auth0',
  mark: '<path d="M3.5 2h17c1 3 1.3 7-.5 11-1.5 3.5-4.6 6.5-8 9-3.4-2.5-6.5-5.5-8-9C2.2 9 2.5 5 3.5 2z" fill="#eb5424"/><path d="m12 6 1.5 4.4H18l-3.7 2.7 1.4 4.4-3.7-2.7-3.7 2.7 1.4-4.4L6 10.4h4.5z" fill="#fff"/>',
})
