import { directory, ldapPreset } from './provider-preset.ts'

/** OpenLDAP, and others that have `entryUUID` (RFC 4530). */
export const genericLdap = ldapPreset({
  id: 'ldap',
  confirmedOn: '2026-11-30',
  names: directory,
  settings: { login: ['uid', 'mail'], key: 'entryUUID', email: 'mail', name: 'cn' },
})
