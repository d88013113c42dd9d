import { type Filter, parse } from 'scim2-parse-filter'
import { isObject, member, type Resource } from './resource.ts'
import type { ResourceKind } from './schemas.ts'
import { ScimFault } from './scim-fault.ts'

const lengthMax = 2_000
const nestingMax = 10
const termsMax = 30
const quoted = /"(?:[^"\\]|\\.)*"/g
/** `emails[type eq "work"].value eq "x"` is one condition on one value. */
const valueOfPath =
  /\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]\.([\w$]+)\s+(eq|ne|co|sw|ew|gt|ge|lt|le|pr)\b(\s+(?:"(?:[^"\\]|\\.)*"|[^\s)\]]+))?/gi
const caseExact = new Set(['id', 'externalid'])
const times = new Set(['created', 'lastmodified'])

export type { Filter }

/** RFC 7644 §3.4.2.2. Throws `invalidFilter`, also for one that is too long or too deep. */
export function parseFilter(text: string): Filter {
  const outside = text.replaceAll(quoted, '')
  const terms = outside.split(/\b(?:and|or)\b/i).length
  if (text.length > lengthMax || nestingOf(outside) > nestingMax || terms > termsMax)
    throw new ScimFault(400, 'invalidFilter', 'The filter is too long or too deep')
  try {
    return parse(
      text.replaceAll(
        valueOfPath,
        (_, filter, part, op, value = '') => `[(${filter}) and ${part} ${op}${value}]`,
      ),
    )
  } catch {
    throw new ScimFault(400, 'invalidFilter', 'The filter cannot be read')
  }
}

function nestingOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (const sign of text) {
    if (sign === '(' || sign === '[') deepest = Math.max(deepest, ++depth)
    else if (sign === ')' || sign === ']') depth--
  }
  return deepest
}

/** Whether a resource, or a value of one of its attributes, fits. */
export function fits(filter: Filter, resource: Resource, kind?: ResourceKind): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((one) => fits(one, resource, kind))
    case 'or':
      return filter.filters.some((one) => fits(one, resource, kind))
    case 'not':
      return !fits(filter.filter, resource, kind)
    case '[]': {
      const values = valuesAt(resource, filter.attrPath, kind)
      return values.some((value) => fits(filter.valFilter, isObject(value) ? value : { value }))
    }
    case 'pr':
      return valuesAt(resource, filter.attrPath, kind).length > 0
    default: {
      const { op, attrPath, compValue } = filter
      const values = valuesAt(resource, attrPath, kind).flatMap((value) =>
        isObject(value) ? (member(value, 'value') ?? []) : [value],
      )
      if (compValue === null) return (op === 'eq') === (values.length === 0)
      const last = attrPath.slice(attrPath.lastIndexOf('.') + 1).toLowerCase()
      if (op === 'ne') return !values.some((value) => compare('eq', value, compValue, last))
      return values.some((value) => compare(op, value, compValue, last))
    }
  }
}

/** `name`: of the attribute, in lower case. */
function compare(op: string, value: unknown, wanted: unknown, name: string): boolean {
  if (times.has(name)) return ordered(op, Date.parse(String(value)), Date.parse(String(wanted)))
  if (typeof value === 'boolean') return op === 'eq' && String(value) === String(wanted).toLowerCase()
  if (typeof value === 'number' && typeof wanted === 'number') return ordered(op, value, wanted)
  const [text, other] = caseExact.has(name)
    ? [String(value), String(wanted)]
    : [String(value).toLowerCase(), String(wanted).toLowerCase()]
  if (op === 'co') return text.includes(other)
  if (op === 'sw') return text.startsWith(other)
  if (op === 'ew') return text.endsWith(other)
  return ordered(op, text, other)
}

function ordered<Value extends string | number>(op: string, value: Value, wanted: Value): boolean {
  if (op === 'eq') return value === wanted
  if (op === 'gt') return value > wanted
  if (op === 'ge') return value >= wanted
  return op === 'lt' ? value < wanted : op === 'le' && value <= wanted
}

/** The values of a path such as `name.givenName`, `emails.value`, or with the URN of a schema before it. */
export function valuesAt(resource: Resource, path: string, kind?: ResourceKind): unknown[] {
  let from: unknown[] = [resource]
  let rest = path
  if (kind && /^urn:/i.test(path)) {
    const urn = [kind.urn, ...Object.keys(kind.extensions)].find((one) =>
      path.toLowerCase().startsWith(`${one.toLowerCase()}:`),
    )
    if (urn === undefined) return []
    rest = path.slice(urn.length + 1)
    if (urn !== kind.urn) from = [member(resource, urn)]
  }
  for (const part of rest.split('.'))
    from = from.flatMap((value) => (isObject(value) ? (member(value, part) ?? []) : []))
  return from.filter((value) => value !== undefined && value !== null)
}

/** What must be equal for the filter to fit, of the attributes that have an index. */
export function equalTo(filter: Filter, path: string): string | undefined {
  if (filter.op === 'and')
    return filter.filters.map((one) => equalTo(one, path)).find((value) => value !== undefined)
  if (filter.op === '[]' && path.startsWith('emails.')) {
    const inner = equalTo(filter.valFilter, 'value')
    return filter.attrPath.toLowerCase() === 'emails' ? inner : undefined
  }
  const isIt = filter.op === 'eq' && withoutUrn(filter.attrPath).toLowerCase() === path.toLowerCase()
  return isIt && typeof filter.compValue === 'string' ? filter.compValue : undefined
}

/** The path of an attribute within its schema. */
export const withoutUrn = (path: string): string => path.replace(/^urn:.*:/i, '')
