import { oidcPreset } from './provider-preset.ts'

/**
 * The issuer has the tenant in place of `organizations`, or one of the shared names. An address is set by the
 * tenant's administrator: it counts only if the application has the optional claim `xms_edov`.
 */
export const microsoft = oidcPreset({
  id: 'microsoft',
  confirmedOn: '2026-11-25',
  names: 'Microsoft',
  settings: { issuer: 'https://login.microsoftonline.com/organizations/v2.0' },
  emailTrust: 'rule',
  quirks: { hasVerifiedEmail: ({ xms_edov: edov }) => edov === true || edov === '1' || edov === 1 },
})
