import type { SqlValue, SqlValues } from './statement.ts'

/** How a member is stored: as it is, as JSON text, or a boolean as 0 or 1. Null is NULL. */
type Stored = 'plain' | 'json' | 'flag'
type Column = Stored | { column: string; stored: Stored }

/** The columns of one aggregate: statements and row conversion follow from this list. */
export interface Columns<Entity> {
  /**
   * For SELECT and RETURNING: `id, account_id AS "accountId"`; with the table's name or alias where several
   * are joined.
   */
  select(table?: string): string
  /** For INSERT INTO: `(id, account_id) VALUES (:id, :accountId)`. */
  insert: string
  /** The values of those members that are given. */
  toRow(entity: Partial<Entity>): SqlValues
  /** The same under the names of the columns. */
  toColumns(entity: Entity): SqlValues
  fromRow(row: SqlValues): Entity
  /** The same for a row that may be undefined. */
  fromRowIfAny(row: SqlValues | undefined): Entity | undefined
}

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const store = (value: unknown, stored: Stored): SqlValue => {
  if (value === null || stored === 'plain') return value as SqlValue
  return stored === 'json' ? JSON.stringify(value) : Number(value)
}
const restore = (value: SqlValue, stored: Stored): unknown => {
  if (value === null) return null
  return stored === 'json' ? JSON.parse(value as string) : value === 1
}

/**
 * Does not compile unless every member of `Entity` is listed. The column name is the member's in snake case,
 * unless given.
 */
export function columnsOf<Entity>(members: { [Name in keyof Required<Entity>]: Column }): Columns<Entity> {
  const list = Object.entries<Column>(members).map(([name, given]) =>
    typeof given === 'string' ? { name, column: snakeCase(name), stored: given } : { name, ...given },
  )
  const converted = list.filter(({ stored }) => stored !== 'plain')
  const fromRow = (row: SqlValues): Entity => {
    const entity: Record<string, unknown> = { ...row }
    for (const { name, stored } of converted) entity[name] = restore(row[name] as SqlValue, stored)
    return entity as Entity
  }
  return {
    select: (table) =>
      list
        .map(
          ({ name, column }) =>
            (table === undefined ? column : `${table}.${column}`) + (name === column ? '' : ` AS "${name}"`),
        )
        .join(', '),
    insert: `(${list.map(({ column }) => column).join(', ')}) VALUES (${list.map(({ name }) => `:${name}`).join(', ')})`,
    toRow: (entity) =>
      Object.fromEntries(
        list.flatMap(({ name, stored }) => {
          const value = entity[name as keyof Entity]
          return value === undefined ? [] : [[name, store(value, stored)]]
        }),
      ),
    toColumns: (entity) =>
      Object.fromEntries(
        list.map(({ name, column, stored }) => [column, store(entity[name as keyof Entity], stored)]),
      ),
    fromRow,
    fromRowIfAny: (row) => row && fromRow(row),
  }
}
