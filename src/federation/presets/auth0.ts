import { oidcPreset } from './provider-preset.ts'

/** The issuer ends in a slash. `email_verified` is what the connection behind it said. */
export const auth0 = oidcPreset({ id: 'auth0', confirmedOn: '2026-11-25', names: 'Auth0' })
