import { Type } from 'typebox'
import type { AccountWithIdentifiers } from '../../../domain/account.ts'
import { type AccountId, idPattern } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import type { Engine } from '../../../engine/engine.ts'
import { bearerSecurity, nullable, problemResponses, tokenProblems } from '../../schema/schemas.ts'

const pageMax = 200
const pageDefault = 50

export const shared = { tags: ['admin'], security: bearerSecurity }
export const pageQuery = {
  after: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before' })),
  limit: Type.Optional(
    Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `How many; ${pageDefault} where left out, ${pageMax} at most` }),
  ),
}
export const next = nullable(Type.String({ description: 'For `after`; null on the last page' }))

export const reading = (...codes: Parameters<typeof problemResponses>) =>
  problemResponses(...tokenProblems, 'insufficient_scope', 'invalid_fields', ...codes)
export const changing = (...codes: Parameters<typeof problemResponses>) =>
  reading('insufficient_user_authentication', 'malformed_request', 'body_too_large', 'unsupported_media_type', ...codes)

export const accountParams = Type.Object({ id: Type.String({ pattern: idPattern('acc') }) })

/** One more than a page holds is asked for, to know whether there is another. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): { page: Row[]; next: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}

export const limitOf = ({ limit }: { limit?: string }): number => Math.min(limit === undefined ? pageDefault : Number(limit), pageMax)

/** Throws `not_found`. */
export async function accountOr404(engine: Engine, id: AccountId): Promise<AccountWithIdentifiers> {
  const account = await engine.store.accounts.find(id)
  if (!account) throw new Problem('not_found')
  return account
}
