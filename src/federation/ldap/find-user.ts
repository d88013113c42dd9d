import type { Client, Entry } from 'ldapts'
import { stateAttributes } from './account-state.ts'
import { binaryAttributes } from './entry.ts'
import type { LdapSettings } from './ldap-settings.ts'

/** What is read of a user. */
export const attributesOf = ({ key, email, name }: LdapSettings): string[] => [
  ...new Set([key, email, name, ...stateAttributes, 'primaryGroupID', 'objectSid']),
]

/** Undefined unless exactly one user has the name. The filter is never a text with the name in it. */
export async function findUser(
  client: Client,
  settings: LdapSettings,
  username: string,
): Promise<Entry | undefined> {
  const { AndFilter, EqualityFilter, OrFilter } = await import('ldapts')
  const byName = new OrFilter({
    filters: settings.login.map((attribute) => new EqualityFilter({ attribute, value: username })),
  })
  const filters = [byName, ...(await operatorFilter(settings))]
  const { searchEntries } = await client.search(settings.base_dn, {
    scope: 'sub',
    filter: new AndFilter({ filters }),
    sizeLimit: 2,
    attributes: attributesOf(settings),
    explicitBufferAttributes: binaryAttributes,
  })
  const [found, another] = searchEntries
  return another || !found?.dn ? undefined : found
}

/** Throws if the operator’s filter cannot be read. */
export async function operatorFilter({ filter }: Pick<LdapSettings, 'filter'>) {
  const { FilterParser } = await import('ldapts')
  return filter === undefined ? [] : [FilterParser.parseString(filter)]
}

/** The entry itself, read by its DN. */
export async function readUser(
  client: Client,
  settings: LdapSettings,
  dn: string,
): Promise<Entry | undefined> {
  const { searchEntries } = await client.search(dn, {
    scope: 'base',
    attributes: attributesOf(settings),
    explicitBufferAttributes: binaryAttributes,
  })
  return searchEntries[0]
}

/** The DN by the template. What is special in a DN is escaped (RFC 4514 §2.4), and every other sign too. */
export const dnByTemplate = (template: string, username: string): string =>
  template.replace('{username}', () =>
    username.replaceAll(/[^\p{L}\p{N}]/gu, (sign) =>
      [...Buffer.from(sign)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    ),
  )
