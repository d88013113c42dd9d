import type { Entry } from 'ldapts'

/** Attributes that are no text. */
export const binaryAttributes = ['objectGUID', 'objectSid']

const valuesOf = (entry: Entry, attribute: string): (string | Buffer)[] => {
  const wanted = attribute.toLowerCase()
  const [, found = []] = Object.entries(entry).find(([name]) => name.toLowerCase() === wanted) ?? []
  return [found].flat() as (string | Buffer)[]
}

/** The first value as text; null if there is none. Names of attributes have no case. */
export function textOf(entry: Entry, attribute: string): string | null {
  const [value] = valuesOf(entry, attribute)
  return value === undefined ? null : value.toString()
}

export function bytesOf(entry: Entry, attribute: string): Buffer | undefined {
  const [value] = valuesOf(entry, attribute)
  return value === undefined ? undefined : Buffer.from(value as Buffer)
}

/** What identifies the user; null unless there is exactly one. */
export function keyOf(entry: Entry, attribute: string): string | null {
  const values = valuesOf(entry, attribute)
  if (values.length !== 1) return null
  const [value] = values as [string | Buffer]
  return Buffer.isBuffer(value) ? guidOf(value) : value
}

const guidBytes = 16
const mixed = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

/** The bytes of what `keyOf` made of a GUID. */
export function bytesOfGuid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  return Buffer.from(mixed.map((place) => bytes[place] ?? 0))
}

/** As Microsoft writes it: the first three groups are little-endian. Null if it is none. */
function guidOf(bytes: Buffer): string | null {
  if (bytes.length !== guidBytes) return null
  const hex = Buffer.from(mixed.map((place) => bytes[place] as number)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
