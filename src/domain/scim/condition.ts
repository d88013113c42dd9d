import { type Filter, withoutUrn } from './filter.ts'

/** A condition on columns, which a database can decide. */
export type Condition =
  | { op: 'and' | 'or'; of: readonly Condition[] }
  | { op: 'not'; of: Condition }
  | { op: 'absent' | 'present'; column: string }
  | { op: Comparison; column: string; value: string | number }

const comparisons = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
type Comparison = (typeof comparisons)[number]

/** How an attribute is stored: text in lower case or as it is, 0 or 1, milliseconds since the epoch. */
export interface StoredAttribute {
  column: string
  stored: 'folded' | 'exact' | 'flag' | 'time'
}

/** `condition`: of what fits, and if not `isWhole` of more; null says nothing. */
export interface Compiled {
  condition: Condition | null
  isWhole: boolean
}

const unknown: Compiled = { condition: null, isWhole: false }

/** The part of a filter that is about columns. `columns`: by the path of an attribute in lower case. */
export function compileFilter(filter: Filter, columns: ReadonlyMap<string, StoredAttribute>): Compiled {
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((one) => compileFilter(one, columns))
      const of = parts.flatMap(({ condition }) => condition ?? [])
      // Of an `or`, a part that says nothing lets anything fit.
      if (of.length === 0 || (filter.op === 'or' && of.length < parts.length)) return unknown
      return { condition: { op: filter.op, of }, isWhole: parts.every(({ isWhole }) => isWhole) }
    }
    case 'not': {
      const { condition, isWhole } = compileFilter(filter.filter, columns)
      return condition && isWhole ? { condition: { op: 'not', of: condition }, isWhole } : unknown
    }
    case '[]':
      return unknown
    default: {
      const stored = columns.get(withoutUrn(filter.attrPath).toLowerCase())
      const condition = stored && ofColumn(filter, stored)
      return condition ? { condition, isWhole: true } : unknown
    }
  }
}

function ofColumn(
  filter: Extract<Filter, { attrPath: string }>,
  { column, stored }: StoredAttribute,
): Condition | undefined {
  if (filter.op === 'pr') return { op: 'present', column }
  const op = comparisons.find((one) => one === filter.op)
  if (!op || !('compValue' in filter)) return undefined
  if (filter.compValue === null) return { op: op === 'eq' ? 'absent' : 'present', column }
  const value = storedValue(String(filter.compValue), stored)
  if (value === undefined || (stored === 'flag' && op !== 'eq' && op !== 'ne')) return undefined
  if (stored === 'time' && (op === 'co' || op === 'sw' || op === 'ew')) return undefined
  return { op, column, value }
}

function storedValue(text: string, stored: StoredAttribute['stored']): string | number | undefined {
  if (stored === 'exact') return text
  if (stored === 'folded') return text.toLowerCase()
  if (stored === 'flag') return /^(true|false)$/i.test(text) ? Number(/^true$/i.test(text)) : undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
