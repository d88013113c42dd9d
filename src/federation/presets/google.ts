import { oidcPreset } from './provider-preset.ts'

/** An address is Google's own where it ends in gmail.com, or where `hd` names its Workspace domain. */
export const google = oidcPreset({
  id: 'google',
  confirmedOn: '2026-11-25',
  names: 'Google',
  settings: { issuer: 'https://accounts.google.com' },
  emailTrust: 'rule',
  quirks: {
    fresh: false,
    hasVerifiedEmail: ({ email, email_verified, hd }) =>
      email_verified === true &&
      typeof email === 'string' &&
      (/@gmail\.com$/i.test(email) || (typeof hd === 'string' && hd !== '')),
  },
})
