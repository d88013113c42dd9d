import type { Condition } from '../domain/scim/condition.ts'
import type { Database, Queryable } from './database.ts'
import { madeForCall, type SqlValue, type SqlValues } from './statement.ts'

const operators = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const
const columnName = /^[a-z_]+$/
const letters = 'abcdefghijklmnopqrstuvwxyz'

/** A condition in SQL. Values are parameters; columns are our own. Never NULL, so that it can be negated. */
function conditionSql(condition: Condition, engine: Database['engine']): { text: string; values: SqlValues } {
  const values: SqlValues = {}
  const place = (value: SqlValue): string => {
    const count = Object.keys(values).length
    const name = `given${letters[Math.floor(count / letters.length)]}${letters[count % letters.length]}`
    values[name] = value
    // PostgreSQL has to know the type of a parameter that stands alone.
    return typeof value === 'number' ? `CAST(:${name} AS BIGINT)` : `CAST(:${name} AS TEXT)`
  }
  const within = engine === 'sqlite' ? 'instr' : 'strpos'

  function text(one: Condition): string {
    if (one.op === 'and' || one.op === 'or')
      return `(${one.of.map(text).join(one.op === 'and' ? ' AND ' : ' OR ')})`
    if (one.op === 'not') return `NOT ${text(one.of as Condition)}`
    const { column } = one as { column: string }
    if (!columnName.test(column)) throw new Error(`${column} is no column`)
    if (!('value' in one)) return `(${column} IS ${one.op === 'absent' ? '' : 'NOT '}NULL)`
    const value = place(one.value)
    return one.op === 'ne'
      ? `(${column} IS NULL OR ${column} <> ${value})`
      : `(${column} IS NOT NULL AND ${compared(one.op as Exclude<typeof one.op, 'ne'>, column, value)})`
  }

  function compared(op: keyof typeof operators | 'co' | 'sw' | 'ew', column: string, value: string): string {
    if (op === 'co') return `${within}(${column}, ${value}) > 0`
    if (op === 'sw') return `substr(${column}, 1, length(${value})) = ${value}`
    if (op === 'ew')
      return `(length(${column}) >= length(${value}) AND substr(${column}, length(${column}) - length(${value}) + 1) = ${value})`
    return `${column} ${operators[op]} ${value}`
  }

  return { text: text(condition), values }
}

type Page = { organisationId: string; offset: number; limit: number }

/** Rows that a condition on the columns fits, in the order of their ids, and how many there are. */
export interface ConditionQueries<Row> {
  listWhere(page: Page & { where: Condition }): Promise<Row[]>
  countWhere(count: { organisationId: string; where: Condition }): Promise<number>
}

/** Of one table. `rows`, `count`: statements that end in a condition. */
export const createConditionQueries = <Row>(
  db: Queryable,
  given: { engine: Database['engine']; rows: string; count: string; fromRow(row: SqlValues): Row },
): ConditionQueries<Row> => ({
  async listWhere({ where, ...page }) {
    const { text, values } = conditionSql(where, given.engine)
    const listed = madeForCall(`${given.rows} AND ${text} ORDER BY id LIMIT :limit OFFSET :offset`)
    return (await db.rows<SqlValues>(listed, { ...page, ...values })).map(given.fromRow)
  },
  async countWhere({ organisationId, where }) {
    const { text, values } = conditionSql(where, given.engine)
    const counted = madeForCall(`${given.count} AND ${text}`)
    return (await db.row<{ count: number }>(counted, { organisationId, ...values }))?.count ?? 0
  },
})
