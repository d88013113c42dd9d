import { createDirectoryMethod } from '../../federation/method/directory-method.ts'

/** An account in a company's directory, by LDAP. */
export const ldap = createDirectoryMethod('ldap')
