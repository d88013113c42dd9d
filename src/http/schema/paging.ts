import { Type } from 'typebox'
import { idOf, nullable } from './schemas.ts'

const pageMax = 200
const pageDefault = 50

/** Query of a list whose rows have ids of that prefix. `after` is the `next` of the page before. */
export const pageQuery = <Prefix extends string>(prefix: Prefix, limitDefault = pageDefault) => ({
  after: Type.Optional(idOf(prefix)),
  limit: Type.Optional(
    Type.String({
      pattern: '^[1-9][0-9]{0,3}$',
      description: `How many; ${limitDefault} by default, at most ${pageMax}`,
    }),
  ),
})
export const next = nullable(Type.String({ description: 'For `after`; null on the last page' }))

export const limitOf = ({ limit }: { limit?: string }, limitDefault = pageDefault): number =>
  Math.min(limit === undefined ? limitDefault : Number(limit), pageMax)

/** One page. Reads one row more than a page holds, to know whether there is another. */
export async function readPage<Row extends { id: string }, Cursor extends string>(
  query: { after?: Cursor; limit?: string },
  read: (page: { after: Cursor | null; limit: number }) => Promise<Row[]>,
  limitDefault = pageDefault,
): Promise<{ page: Row[]; next: string | null }> {
  const limit = limitOf(query, limitDefault)
  const rows = await read({ after: query.after ?? null, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return { page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}
