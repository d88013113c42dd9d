import { directory, ldapPreset } from './provider-preset.ts'

export const activeDirectory = ldapPreset({
  id: 'active-directory',
  confirmedOn: '2026-11-30',
  names: directory,
  settings: {
    login: ['sAMAccountName', 'userPrincipalName', 'mail'],
    filter: '(objectClass=user)',
    key: 'objectGUID',
    email: 'mail',
    name: 'displayName',
    active_directory: true,
  },
})
