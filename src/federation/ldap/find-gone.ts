import type { Client } from 'ldapts'
import type { ConnectionCall } from '../../domain/connection.ts'
import { stateOf } from './account-state.ts'
import { bindAsService } from './check-password.ts'
import { binaryAttributes, bytesOfGuid, keyOf } from './entry.ts'
import { attributesOf, operatorFilter } from './find-user.ts'
import type { LdapSettings } from './ldap-settings.ts'

const keysAtOnce = 50

/** Of these keys, those that no entry has, and those whose account is disabled. Throws what LDAP throws. */
export async function findGone(
  client: Client,
  call: ConnectionCall,
  keys: readonly string[],
): Promise<string[]> {
  const settings = call.connection.settings as LdapSettings
  const { AndFilter, EqualityFilter, OrFilter } = await import('ldapts')
  await bindAsService(client, call)
  const active = new Set<string>()
  for (let place = 0; place < keys.length; place += keysAtOnce) {
    const wanted = keys
      .slice(place, place + keysAtOnce)
      .map((key) => new EqualityFilter({ attribute: settings.key, value: assertedOf(settings, key) }))
    const filters = [new OrFilter({ filters: wanted }), ...(await operatorFilter(settings))]
    const { searchEntries } = await client.search(settings.base_dn, {
      ...{ scope: 'sub', filter: new AndFilter({ filters }) },
      ...{ attributes: attributesOf(settings), explicitBufferAttributes: binaryAttributes },
    })
    for (const entry of searchEntries)
      if (stateOf(settings, entry, call.now) !== 'disabled') active.add(folded(keyOf(entry, settings.key)))
  }
  return keys.filter((key) => !active.has(folded(key)))
}

/** Most directories compare keys without case. */
const folded = (key: string | null): string => (key ?? '').toLowerCase()

const assertedOf = ({ key }: Pick<LdapSettings, 'key'>, text: string): string | Buffer =>
  binaryAttributes.includes(key) ? bytesOfGuid(text) : text
