import { type Static, Type } from 'typebox'
import { schemaCheck } from '../../domain/schema-check.ts'

/** The secret of a mailed link: first in the query, then in the form of the page that it leads to. */
export const mailedToken = Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) })
const isMailedToken = schemaCheck(mailedToken)

/**
 * Undefined where it is no such query: the page says that the link has expired, not what is wrong with it.
 */
export const tokenIn = (query: unknown): string | undefined =>
  isMailedToken(query) ? (query as Static<typeof mailedToken>).token : undefined
