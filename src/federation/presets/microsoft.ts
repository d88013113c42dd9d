import { oidcPreset } from './provider-preset.ts'

/**
 * The issuer has the tenant in place of `organizations`, or one of the shared names. An address is set by the
 * tenant's administrator: it counts only if the application has the optional claim `xms_edov`.
 */
export const microsoft = oidcPreset({
  id: 'microsoft',
  confirmedOn: '2026-11-25',
  names: 'Microsoft',
  mark: '<path d="M1 1h10.5v10.5H1z" fill="#f25022"/><path d="M12.5 1H23v10.5H12.5z" fill="#7fba00"/><path d="M1 12.5h10.5V23H1z" fill="#00a4ef"/><path d="M12.5 12.5H23V23H12.5z" fill="#ffb900"/>',
  settings: { issuer: 'https://login.microsoftonline.com/organizations/v2.0' },
  emailTrust: 'rule',
  quirks: {
    hasVerifiedEmail: ({ xms_edov: edov }) => edov === true || edov === '1' || edov === 1,
    // Under a shared name the administrator of any tenant sets addresses.
    isDirectory: ({ issuer }) => !/\/(common|organizations|consumers)\/v2\.0\/?$/.test(String(issuer)),
  },
})
