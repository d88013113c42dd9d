import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import { fullName, has, identifier, imported, password, text, warnedIf } from './fields.ts'

const personClasses = new Set(['person', 'inetorgperson', 'organizationalperson', 'user', 'posixaccount'])
const accountDisabled = 2 // ACCOUNTDISABLE of userAccountControl (Microsoft, MS-ADTS §2.2.16)
const hashed = /^\{[A-Za-z0-9-]+\}/

const values = (entry: ImportRecord, name: string): string[] =>
  ((entry[name] as string[] | undefined) ?? []).flatMap((value) => text(value) ?? [])
const value = (entry: ImportRecord, name: string): string | null => values(entry, name)[0] ?? null

/** Persons of a directory's LDIF, with the hashes of OpenLDAP; Active Directory gives none out. */
export const ldif: ImportSource = {
  id: 'ldif',
  name: 'LDIF of a directory',
  formats: ['ldif'],
  recognises: (entry, format) => format === 'ldif' && has(entry, 'dn'),
  map(entry) {
    const classes = values(entry, 'objectclass').map((name) => name.toLowerCase())
    if (!classes.some((name) => personClasses.has(name)) || classes.includes('computer')) return undefined
    const mails = values(entry, 'mail')
    const given = value(entry, 'userpassword')
    const hash = given === null || hashed.test(given) || given.startsWith('$') ? given : null
    const control = Number(value(entry, 'useraccountcontrol') ?? 0)
    const mustChange = value(entry, 'pwdlastset') === '0'
    return imported({
      sourceId: value(entry, 'objectguid') ?? value(entry, 'entryuuid') ?? value(entry, 'dn'),
      identifiers: [
        ...identifier('email', mails[0] ?? null, mails.length > 0),
        ...identifier('username', value(entry, 'samaccountname') ?? value(entry, 'uid')),
        ...identifier('phone', value(entry, 'mobile')),
      ],
      name:
        value(entry, 'displayname') ??
        (value(entry, 'givenname') === null
          ? value(entry, 'cn')
          : fullName(value(entry, 'givenname'), value(entry, 'sn'))),
      locale: value(entry, 'preferredlanguage'),
      isDisabled: (control & accountDisabled) !== 0,
      credentials: mustChange ? [] : password(hash),
      groups: values(entry, 'memberof').flatMap((dn) => /^[^=]+=([^,]+)/.exec(dn)?.[1] ?? []),
      warnings: [
        ...warnedIf(mails.length > 1, 'second_address'),
        ...warnedIf(mustChange, 'password_must_change'),
        ...warnedIf(given !== null && hash === null, 'password_clear_text'),
      ],
    })
  },
}
