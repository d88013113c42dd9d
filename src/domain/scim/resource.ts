import { type Attribute, named, type ResourceKind } from './schemas.ts'
import { invalidValue } from './scim-fault.ts'

/** Attributes of a resource, by their names; an extension's under its URN. */
export type Resource = Record<string, unknown>

const textLengthMax = 2_000
const valuesMax = 200

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The member, whatever its case (RFC 7643 §2.1). */
export function member(given: Resource, name: string): unknown {
  if (name in given) return given[name]
  const key = Object.keys(given).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : given[key]
}

/**
 * The attributes that are kept, in their own spelling; unknown and read-only ones are ignored (RFC 7644
 * §3.3). Throws `invalidValue`.
 */
export function normaliseResource({ attributes, extensions }: ResourceKind, given: Resource): Resource {
  const resource = normaliseParts(attributes, given)
  for (const [urn, parts] of Object.entries(extensions)) {
    const extension = member(given, urn)
    if (!isObject(extension)) continue
    const kept = normaliseParts(parts, extension)
    if (Object.keys(kept).length > 0) resource[urn] = kept
  }
  return resource
}

function normaliseParts(attributes: readonly Attribute[], given: Resource): Resource {
  const kept: Resource = {}
  for (const attribute of attributes) {
    const value = normaliseValue(attribute, member(given, attribute.name))
    if (value !== undefined) kept[attribute.name] = value
  }
  return kept
}

/** Undefined for what is unassigned (RFC 7643 §2.5). */
export function normaliseValue(attribute: Attribute, value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (!attribute.isMultiple) return one(attribute, value)
  const list = (Array.isArray(value) ? value : [value])
    .map((part) => one(attribute, part))
    .filter((part) => part !== undefined)
  if (list.length > valuesMax && attribute.name !== 'members')
    throw invalidValue(`${attribute.name} has more than ${valuesMax} values`)
  refuseTwins(attribute, list)
  return list.length === 0 ? undefined : list
}

function one(attribute: Attribute, value: unknown): unknown {
  switch (attribute.type) {
    case 'boolean':
      return boolean(attribute, value)
    case 'complex': {
      // A bare value stands for its `value`, as Entra sends a manager.
      const parts = isObject(value) ? value : { value }
      const kept = normaliseParts(attribute.parts, parts)
      return Object.keys(kept).length === 0 ? undefined : kept
    }
    default: {
      if (typeof value !== 'string' && typeof value !== 'number')
        throw invalidValue(`${attribute.name} takes text`)
      const text = String(value)
      if (text.length > textLengthMax || text.includes('\0'))
        throw invalidValue(`${attribute.name} is longer than ${textLengthMax} characters, or not text`)
      return text === '' ? undefined : text
    }
  }
}

/** Entra sends booleans as text. */
function boolean({ name }: Attribute, value: unknown): boolean {
  const text = String(value).toLowerCase()
  if (text !== 'true' && text !== 'false') throw invalidValue(`${name} is true or false`)
  return text === 'true'
}

/** One primary value, and one of each type (RFC 7643 §2.4). */
function refuseTwins({ name, parts }: Attribute, list: readonly unknown[]): void {
  const values = list.filter(isObject)
  if (values.filter(({ primary }) => primary === true).length > 1)
    throw invalidValue(`${name} has two primary values`)
  if (!named(parts, 'type') || name === 'members' || name === 'roles' || name === 'entitlements') return
  const types = values.flatMap(({ type }) => (typeof type === 'string' ? [type.toLowerCase()] : []))
  const twin = types.find((type, place) => types.indexOf(type) !== place)
  if (twin !== undefined) throw invalidValue(`${name} has the type ${twin} twice`)
}
