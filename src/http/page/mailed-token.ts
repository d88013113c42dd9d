import { type Static, Type } from 'typebox'
import { schemaCheck } from '../../domain/schema-check.ts'

/** The secret of a mailed link: first in the query, then in the form of the page that it leads to. */
export const mailedToken = Type.Object({ token: Type.String({ minLength: 20, maxLength: 128 }) })
const isMailedToken = schemaCheck(mailedToken)

/** Undefined if the query is malformed: the page says that the link has expired. */
export const tokenIn = (query: unknown): string | undefined =>
  isMailedToken(query) ? (query as Static<typeof mailedToken>).token : undefined
