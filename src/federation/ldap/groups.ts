import type { Client, Entry } from 'ldapts'
import { bytesOf, textOf } from './entry.ts'
import type { LdapSettings } from './ldap-settings.ts'

const groupsMax = 200
const depthMax = 10
const namesAtOnce = 50
const pageSize = 500

/**
 * The groups of a user, each by its DN and by its name: those that name the user as a member, those that name
 * these, and so on. Searching by members needs neither `memberOf` nor the ranges of long lists, and a loop of
 * groups ends.
 */
export async function groupsOf(client: Client, settings: LdapSettings, user: Entry): Promise<string[]> {
  const { group_base_dn: base = settings.base_dn, group_member: member = 'member' } = settings
  const { group_name: name = 'cn', nested_groups: isNested = true } = settings
  const { EqualityFilter, OrFilter } = await import('ldapts')
  const found = new Map<string, string[]>()
  const search = async (attribute: string, values: readonly (string | Buffer)[]): Promise<string[]> => {
    const { searchEntries } = await client.search(base, {
      scope: 'sub',
      filter: new OrFilter({ filters: values.map((value) => new EqualityFilter({ attribute, value })) }),
      attributes: [name],
      paged: { pageSize },
    })
    const unknown = searchEntries.filter(({ dn }) => dn && !found.has(dn))
    for (const one of unknown.slice(0, groupsMax - found.size)) {
      const called = textOf(one, name)
      found.set(one.dn, called === null ? [one.dn] : [one.dn, called])
    }
    return unknown.map(({ dn }) => dn)
  }
  const primary = settings.active_directory ? primaryGroupSid(user) : undefined
  let layer = [user.dn, ...(primary ? await search('objectSid', [primary]) : [])]
  for (let depth = 0; layer.length > 0 && depth < (isNested ? depthMax : 1); depth++) {
    const next: string[] = []
    for (let place = 0; place < layer.length && found.size < groupsMax; place += namesAtOnce)
      next.push(...(await search(member, layer.slice(place, place + namesAtOnce))))
    layer = next
  }
  return [...found.values()].flat()
}

const ridBytes = 4

/** Active Directory lists it nowhere: it has the SID of the user, with another last part. */
function primaryGroupSid(user: Entry): Buffer | undefined {
  const [sid, rid] = [bytesOf(user, 'objectSid'), Number(textOf(user, 'primaryGroupID'))]
  if (!sid || sid.length <= ridBytes || !Number.isSafeInteger(rid) || rid <= 0) return undefined
  const group = Buffer.from(sid)
  group.writeUInt32LE(rid, sid.length - ridBytes)
  return group
}
