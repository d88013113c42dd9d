import type { Entry } from 'ldapts'
import { textOf } from './entry.ts'
import type { LdapSettings } from './ldap-settings.ts'

export type AccountState = 'active' | 'disabled' | 'expired'

/** Locked until an administrator unlocks it (draft-behera-ldap-password-policy). */
const lockedForGood = '000001010000Z'

// userAccountControl (MS-ADTS §2.2.16)
const disabled = 0x2
const neverExpires = 0x1_0000
const passwordExpired = 0x80_0000

/** Read for `stateOf`. */
export const stateAttributes = [
  ...['userAccountControl', 'accountExpires', 'pwdLastSet'],
  ...['nsAccountLock', 'pwdAccountLockedTime'],
]

/** What the directory says of an account. `expired`: its password must be changed first. */
export function stateOf(
  { active_directory: isActiveDirectory = false }: LdapSettings,
  entry: Entry,
  now: number,
): AccountState {
  if (!isActiveDirectory) return isLocked(entry) ? 'disabled' : 'active'
  const control = Number(textOf(entry, 'userAccountControl') ?? 0)
  if ((control & disabled) !== 0) return 'disabled'
  const end = fileTime(textOf(entry, 'accountExpires'))
  if (end !== null && end <= now) return 'disabled'
  const mustChange = textOf(entry, 'pwdLastSet') === '0' && (control & neverExpires) === 0
  return mustChange || (control & passwordExpired) !== 0 ? 'expired' : 'active'
}

/** As OpenLDAP, 389 Directory Server and FreeIPA say it. */
const isLocked = (entry: Entry): boolean =>
  textOf(entry, 'pwdAccountLockedTime') === lockedForGood ||
  textOf(entry, 'nsAccountLock')?.toLowerCase() === 'true'

const ticksPerMillisecond = 10_000n
const epoch = 11_644_473_600_000n // from 1601 to 1970, in milliseconds
const never = 0x7fff_ffff_ffff_ffffn

/** Milliseconds since the epoch; null for never. It has more digits than a number holds. */
function fileTime(text: string | null): number | null {
  if (text === null || !/^\d{1,19}$/.test(text)) return null
  const ticks = BigInt(text)
  return ticks === 0n || ticks === never ? null : Number(ticks / ticksPerMillisecond - epoch)
}

/** The sub-code in the text of a refused bind (MS-ADTS §3.1.1.3.1.9); said only if the password is right. */
const refusals: Readonly<Record<string, Exclude<AccountState, 'active'>>> = {
  '530': 'disabled', // not at this time
  '531': 'disabled', // not from here
  '532': 'expired',
  '533': 'disabled',
  '701': 'disabled', // the account has expired
  '773': 'expired', // must be changed
}

/** Undefined if nothing is known but that it was refused. */
export const refusalIn = (message: string): Exclude<AccountState, 'active'> | undefined =>
  refusals[/\bdata ([0-9a-f]{3})\b/.exec(message)?.[1] ?? '']
