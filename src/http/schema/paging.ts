import { Type } from 'typebox'
import { idOf, nullable } from './schemas.ts'

const pageMax = 200
const pageDefault = 50

/** Query of a list whose rows have ids of that prefix. `after` is the `next` of the page before. */
export const pageQuery = <Prefix extends string>(prefix: Prefix, limitDefault = pageDefault) => ({
  after: Type.Optional(idOf(prefix)),
  limit: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `How many; ${limitDefault} where left out, ${pageMax} at most` }),
  ),
})
export const next = nullable(Type.String({ description: 'For `after`; null on the last page' }))

export const limitOf = ({ limit }: { limit?: string }, limitDefault = pageDefault): number =>
  Math.min(limit === undefined ? limitDefault : Number(limit), pageMax)

/** A page out of `limit + 1` rows: one more than it holds is read, to know whether there is another. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): { page: Row[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
