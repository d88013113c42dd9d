import { Problem } from '../domain/problem.ts'

export type SqlValue = string | number | null
export type SqlValues = Record<string, SqlValue>

/**
 * One named SQL statement that both engines can run; `:name` marks a value. Where it holds `inTime`, a server
 * that was given up on does not run it later on.
 */
export interface Statement {
  name: string
  /** With `$1`, `$2`…, as PostgreSQL numbers them. */
  dollarText: string
  /** With `?1`, `?2`…, as SQLite numbers them. */
  questionText: string
  /** The names behind the numbers, in order. */
  parameters: readonly string[]
  /** On PostgreSQL one more value follows: until when it may run. */
  isGuarded: boolean
  writes: boolean
  /** PostgreSQL plans it at each call, by the sizes that its tables have then. */
  isPlannedAnew: boolean
  /**
   * PostgreSQL runs calls that wait at once as one statement, over a list for each parameter. Their rows are
   * told apart by `key`.
   */
  together: { key: string; dollarText: string } | undefined
}

/**
 * What a statement needs so that many calls can share it: the parameter and column that names the row, and
 * the parameters' types.
 */
export interface Together {
  key: string
  types: Record<string, 'TEXT' | 'BIGINT'>
}

/**
 * A condition for single writes that must not run late: the caller was told of a failure and retries. SQLite
 * never runs a statement late.
 */
export const inTime = '/* in time */'
/** For a join with a list: a plan that was kept while the table was small reads all of it later. */
export const plannedAnew = '/* planned anew */'
/** Filled in by the engine, in milliseconds of the database's clock. */
const deadlineParameter = 'deadline'
const postgresInTime = `AND EXTRACT(EPOCH FROM clock_timestamp()) * 1000 < CAST(:${deadlineParameter} AS DOUBLE PRECISION)`

/**
 * Statements are prepared once a connection by name. A name used twice is a bug, detected when the module
 * loads.
 */
const known = new Map<string, Statement>()

/** Of all loaded modules; for the test that the previous version can run beside this one. */
export const knownStatements = (): readonly Statement[] => [...known.values()]

export function sql(name: string, text: string, together?: Together): Statement {
  if (known.has(name)) throw new Error(`two statements are called ${name}`)
  const statement = written(name, text, together)
  known.set(name, statement)
  return statement
}

/** One that was made for a call, such as of a filter: it is planned anew, and kept nowhere. */
export const madeForCall = (text: string): Statement => written('', `${text} ${plannedAnew}`)

function written(name: string, text: string, together?: Together): Statement {
  const parameters: string[] = []
  const isGuarded = text.includes(inTime)
  const numbered = (mark: string, given: string) =>
    given.replace(/(?<![:\w]):([a-zA-Z]+)/g, (_, parameter: string) => {
      if (!parameters.includes(parameter)) parameters.push(parameter)
      return `${mark}${parameters.indexOf(parameter) + 1}`
    })
  // The deadline comes last: SQLite has no use for it.
  const questionText = numbered('?', text)
  const dollarText = numbered('$', text.replaceAll(inTime, postgresInTime))
  return {
    name,
    dollarText,
    questionText,
    parameters: parameters.filter((parameter) => parameter !== deadlineParameter),
    isGuarded,
    writes: !/^\s*SELECT/i.test(text),
    isPlannedAnew: text.includes(plannedAnew),
    together: together && {
      key: together.key,
      dollarText: numbered('$', overLists(together, text).replaceAll(inTime, postgresInTime)),
    },
  }
}

/** The UPDATE of one row as an UPDATE of many: each parameter is a column of the lists that are given. */
const overLists = ({ types }: Together, text: string): string => {
  const lists = Object.entries(types).map(([parameter, type]) => `CAST(:${parameter} AS ${type}[])`)
  const names = Object.keys(types).map((parameter) => `"given_${parameter}"`)
  return text
    .replaceAll(/(?<![:\w]):([a-zA-Z]+)/g, (_, parameter: string) => `given."given_${parameter}"`)
    .replace(/\bWHERE\b/, `FROM unnest(${lists.join(', ')}) AS given (${names.join(', ')}) WHERE`)
}

/**
 * The values in the statement's order. Throws on a missing one, since `undefined` must never reach a database
 * as null, and `malformed_request` on a NUL character, which one of the two engines takes and the other does
 * not.
 */
export function valuesFor(statement: Statement, values: SqlValues): SqlValue[] {
  return statement.parameters.map((parameter) => {
    const value = values[parameter]
    if (value === undefined) throw new Error(`${statement.name} was given no ${parameter}`)
    return withoutNul(value)
  })
}

/** Throws `malformed_request` on a NUL character. */
export function withoutNul(value: SqlValue): SqlValue {
  if (typeof value === 'string' && value.includes('\0'))
    throw new Problem('malformed_request', { detail: 'A value contains a NUL character' })
  return value
}
