import type { ImportRecord } from '../domain/import-source.ts'
import type { ImportedAccount, ImportWarning } from '../domain/imported-account.ts'

/** Text that says something: not empty, and no `NULL` of a database's export. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed === '' || trimmed === '\\N' || trimmed === 'NULL' ? null : trimmed
}

const yes = new Set(['true', 't', '1', 'yes', 'y'])
export const flag = (value: unknown): boolean =>
  typeof value === 'boolean'
    ? value
    : yes.has(
        String(value ?? '')
          .trim()
          .toLowerCase(),
      )

const shortZone = /([+-]\d\d)$/
const yearOf2001 = 978_307_200

/** Milliseconds since the epoch, from those, from seconds, or from a date; null for what is none. */
export function time(value: unknown): number | null {
  const given = text(value)
  if (given === null) return null
  const number = Number(given)
  if (Number.isFinite(number)) return Math.round(number < yearOf2001 * 100 ? number * 1000 : number)
  // PostgreSQL writes a space, and zones of two digits; without a zone it is UTC.
  const iso = given.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(shortZone, '$1:00')
  const parsed = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`)
  return Number.isNaN(parsed) ? null : parsed
}

const eastAsian = /^[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\s]+$/u

/** One name of two; Korean, Chinese and Japanese write the family's first, without a space. */
export function fullName(given: unknown, family: unknown): string | null {
  const parts = [text(given), text(family)].filter((part) => part !== null)
  if (parts.length < 2) return parts[0] ?? null
  return eastAsian.test(parts.join('')) ? `${parts[1]}${parts[0]}` : parts.join(' ')
}

export const record = (value: unknown): ImportRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ImportRecord) : {}
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const texts = (value: unknown): string[] =>
  list(value)
    .map(text)
    .filter((one) => one !== null)

/** JSON inside text; an empty record for what is none. */
export function inner(value: unknown): ImportRecord {
  if (typeof value !== 'string') return record(value)
  try {
    return record(JSON.parse(value))
  } catch {
    return {}
  }
}

export const has = (given: ImportRecord, ...keys: string[]): boolean => keys.every((key) => key in given)

/** What is left out says nothing. */
export const imported = (
  given: Partial<ImportedAccount> & Pick<ImportedAccount, 'sourceId' | 'identifiers'>,
): ImportedAccount => ({
  ...{ name: null, locale: null, isDisabled: false, createdAt: null },
  ...{ credentials: [], groups: [], warnings: [], own: null },
  ...given,
})

/** An identifier, if there is one. */
export const identifier = (
  kind: ImportedAccount['identifiers'][number]['kind'],
  value: unknown,
  isVerified = false,
): ImportedAccount['identifiers'] => {
  const given = text(value)
  return given === null ? [] : [{ kind, text: given, isVerified }]
}

export const password = (hash: unknown, secret: string | null = null): ImportedAccount['credentials'] => {
  const given = text(hash)
  return given === null ? [] : [{ type: 'password-hash', hash: given, secret }]
}

/** An account at a provider, if both are said. */
export function identity(
  provider: unknown,
  subject: unknown,
  issuer: string | null = null,
): ImportedAccount['credentials'] {
  const [name, id] = [text(provider), text(subject)]
  return name === null || id === null ? [] : [{ type: 'identity', provider: name, issuer, subject: id }]
}

/** An authenticator app with the settings that all apps know, if there is a secret. */
export function authenticator(secret: string | null): ImportedAccount['credentials'] {
  if (secret === null) return []
  return [{ type: 'authenticator', secret, algorithm: 'SHA1', digits: 6, periodSeconds: 30 }]
}

/**
 * Where a user name may be an address: it is the address if there is none, and left out if it is the same.
 */
export function addressAndUsername(
  given: { email: string | null; username: string | null },
  isVerified = false,
): ImportedAccount['identifiers'] {
  const { email, username } = given
  const isAddress = username?.includes('@') === true
  const isSaid = isAddress && (email === null || email.toLowerCase() === username?.toLowerCase())
  return [
    ...identifier('email', email ?? (isAddress ? username : null), email !== null && isVerified),
    ...(isSaid ? [] : identifier('username', username)),
  ]
}

/** A plain MD5 in hex, in a spelling that says what it is. */
export const md5OfHex = (hex: string): string => `$md5$${Buffer.from(hex, 'hex').toString('base64')}`

export const warnedIf = (condition: boolean, warning: ImportWarning): ImportWarning[] =>
  condition ? [warning] : []
