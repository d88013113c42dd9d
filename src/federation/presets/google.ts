import { oidcPreset } from './provider-preset.ts'

/** An address is Google's own where it ends in gmail.com, or where `hd` names its Workspace domain. */
export const google = oidcPreset({
  id: 'google',
  confirmedOn: '2026-11-25',
  names: 'Google',
  mark: '<path d="M23.5 12.3 23.3 10H12v4.5h6.5a5.5 5.5 0 0 1-2.4 3.6v3H20c2.3-2.1 3.5-5.2 3.5-8.8z" fill="#4285f4"/><path d="M12 24c3.2 0 6-1.1 8-2.9l-3.9-3A7.2 7.2 0 0 1 5.4 14.3h-4v3.1A12 12 0 0 0 12 24z" fill="#34a853"/><path d="M5.4 14.3a7.2 7.2 0 0 1 0-4.6V6.6h-4a12 12 0 0 0 0 10.8z" fill="#fbbc05"/><path d="M12 4.8c1.8 0 3.3.6 4.6 1.8L20 3.2A12 12 0 0 0 1.4 6.6l4 3.1A7.2 7.2 0 0 1 12 4.8z" fill="#ea4335"/>',
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
