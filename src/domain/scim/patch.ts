import { type Filter, fits, parseFilter } from './filter.ts'
import { isObject, member, normaliseValue, type Resource } from './resource.ts'
import { type Attribute, named, type ResourceKind } from './schemas.ts'
import { ScimFault } from './scim-fault.ts'

const operationsMax = 1_000

export interface Operation {
  op: 'add' | 'replace' | 'remove'
  /** Undefined: the value names the attributes. */
  path: Path | undefined
  value: unknown
}

export interface Path {
  /** An extension's URN; null for the resource itself. */
  urn: string | null
  /** Undefined: the whole extension. */
  attribute: Attribute | undefined
  filter: Filter | null
  part: Attribute | null
}

/** RFC 7644 §3.5.2, with what clients really send. Throws `invalidSyntax`, `invalidPath`, `noTarget`. */
export function readOperations(kind: ResourceKind, body: unknown): Operation[] {
  const list = isObject(body) ? member(body, 'Operations') : undefined
  if (!Array.isArray(list) || list.length === 0 || list.length > operationsMax)
    throw new ScimFault(400, 'invalidSyntax', `Operations has one to ${operationsMax} operations`)
  return list.flatMap((given) => {
    if (!isObject(given)) throw new ScimFault(400, 'invalidSyntax', 'An operation is an object')
    const op = String(member(given, 'op')).toLowerCase()
    const [path, value] = [member(given, 'path'), member(given, 'value')]
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw new ScimFault(400, 'invalidSyntax', 'op is add, replace or remove')
    if (path !== undefined && path !== null && path !== '') {
      const found = readPath(kind, String(path))
      return found ? [{ op, path: found, value }] : []
    }
    if (op === 'remove') throw new ScimFault(400, 'noTarget', 'A removal needs a path')
    if (!isObject(value)) throw new ScimFault(400, 'invalidSyntax', 'Without a path the value is an object')
    // Each key is a path, also `name.givenName` and whole URNs.
    return Object.entries(value).flatMap(([key, one]): Operation[] => {
      const found = shape.test(key) || /^urn:/i.test(key) ? readPath(kind, key) : undefined
      return found ? [{ op, path: found, value: one }] : []
    })
  })
}

const shape = /^([A-Za-z][\w$-]*)(\[(.*)\])?(?:\.([A-Za-z$][\w$-]*))?$/s

/** Undefined for an attribute that is not kept, which is ignored. Throws `invalidPath`, `invalidFilter`. */
export function readPath(kind: ResourceKind, text: string): Path | undefined {
  const { urn, attributes, rest } = schemaOf(kind, text.trim())
  if (rest === '') return { urn, attribute: undefined, filter: null, part: null }
  const found = shape.exec(rest)
  if (!found) throw new ScimFault(400, 'invalidPath', `${text.slice(0, 100)} is no path`)
  const [, name = '', bracket, filter = '', partName] = found
  const attribute = named(attributes, name)
  const part = attribute && partName !== undefined ? named(attribute.parts, partName) : null
  if (!attribute || part === undefined) return undefined
  return { urn, attribute, filter: bracket === undefined ? null : parseFilter(filter), part }
}

function schemaOf(
  { urn, attributes, extensions }: ResourceKind,
  path: string,
): { urn: string | null; attributes: readonly Attribute[]; rest: string } {
  for (const [known, parts] of [[urn, attributes] as const, ...Object.entries(extensions)]) {
    if (
      path.toLowerCase() !== known.toLowerCase() &&
      !path.toLowerCase().startsWith(`${known.toLowerCase()}:`)
    )
      continue
    return { urn: known === urn ? null : known, attributes: parts, rest: path.slice(known.length + 1) }
  }
  return { urn: null, attributes, rest: path }
}

/** The resource after the operations, in their order; the one that was given stays. Throws ScimFault. */
export function applyOperations(resource: Resource, operations: readonly Operation[]): Resource {
  const changed = structuredClone(resource)
  for (const operation of operations) apply(changed, operation)
  return changed
}

function apply(resource: Resource, { op, path, value }: Operation): void {
  if (!path) return
  const { urn, attribute, filter, part } = path
  const target = urn === null ? resource : extensionOf(resource, urn)
  if (!attribute) {
    if (op === 'remove') delete resource[urn as string]
    else if (isObject(value)) Object.assign(target, value)
    return
  }
  const { name } = attribute
  if (attribute.isMultiple)
    target[name] = changeList(attribute, listOf(target[name]), { op, filter, part, value })
  else if (part) {
    const parent = isObject(target[name]) ? { ...target[name] } : {}
    if (op === 'remove') delete parent[part.name]
    else parent[part.name] = value
    target[name] = parent
  } else if (op === 'remove') delete target[name]
  // A complex attribute keeps the parts that are not named (RFC 7644 §3.5.2.3).
  else if (attribute.type === 'complex' && isObject(value) && isObject(target[name]))
    target[name] = { ...target[name], ...value }
  else target[name] = value
}

function extensionOf(resource: Resource, urn: string): Resource {
  if (!isObject(resource[urn])) resource[urn] = {}
  return resource[urn] as Resource
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

interface ListChange {
  op: Operation['op']
  filter: Filter | null
  part: Attribute | null
  value: unknown
}

function changeList(attribute: Attribute, list: readonly unknown[], change: ListChange): unknown[] {
  const { op, filter, part, value } = change
  if (!filter && !part) {
    const given = normaliseValue(attribute, value) as unknown[] | undefined
    if (op === 'replace') return given ?? []
    // Entra names what it removes in the value.
    if (op === 'remove')
      return given === undefined ? [] : list.filter((one) => !given.some((other) => isSame(one, other)))
    return withPrimary(
      attribute,
      [...list.filter((one) => !given?.some((other) => isSame(one, other))), ...(given ?? [])],
      given,
    )
  }
  const isMeant = (one: unknown): boolean =>
    filter === null || fits(filter, isObject(one) ? one : { value: one })
  if (op === 'remove')
    return part
      ? list.map((one) => (isMeant(one) && isObject(one) ? without(one, part.name) : one))
      : list.filter((one) => !isMeant(one))
  if (!list.some(isMeant)) return [...list, { ...wantedBy(filter), ...changeOf(part, value) }]
  const changed = list.map((one) =>
    isMeant(one) && isObject(one) ? { ...one, ...changeOf(part, value) } : one,
  )
  return withPrimary(attribute, changed, changed.filter(isMeant))
}

const changeOf = (part: Attribute | null, value: unknown): Record<string, unknown> =>
  part ? { [part.name]: value } : isObject(value) ? value : { value }

const without = (value: Record<string, unknown>, name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))

const isSame = (one: unknown, other: unknown): boolean =>
  isObject(one) && isObject(other) && one.value !== undefined
    ? String(one.value).toLowerCase() === String(other.value).toLowerCase()
    : JSON.stringify(one) === JSON.stringify(other)

/** What a new value must be for the filter to fit, as Entra creates a missing `emails[type eq "work"]`. */
function wantedBy(filter: Filter | null): Record<string, unknown> {
  if (filter?.op === 'and') return Object.assign({}, ...filter.filters.map(wantedBy))
  return filter?.op === 'eq' ? { [filter.attrPath]: filter.compValue } : {}
}

/** A new primary value takes the place of the former. */
function withPrimary(
  attribute: Attribute,
  list: unknown[],
  changed: readonly unknown[] | undefined,
): unknown[] {
  const isPrimary = (one: unknown): boolean => isObject(one) && String(one.primary).toLowerCase() === 'true'
  const next = changed?.findLast(isPrimary)
  if (!next || !named(attribute.parts, 'primary')) return list
  return list.map((one) =>
    one !== next && isPrimary(one) && isObject(one) ? { ...one, primary: false } : one,
  )
}
