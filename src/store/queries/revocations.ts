import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { sql } from '../statement.ts'

/** A revoked session, grant, or token (by `jti`) whose signature is still valid. */
export interface Revocation {
  subject: string
  /** Its status list and index, as in `s0/17`. */
  status: string | null
  revocationExpiresAt: number
}

/** The position of a reader. */
export interface RevocationCursor {
  revokedAt: number
  subject: string
}

export interface RevocationStore {
  add(revocation: Revocation & { now: number }): Promise<void>
  /** Oldest first. */
  list(page: Page<RevocationCursor>): Promise<(Revocation & RevocationCursor)[]>
  purge(now: number): Promise<number>
}

const addRevocation = sql(
  'addRevocation',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at) VALUES (:subject, :status, :now, :revocationExpiresAt)
   ON CONFLICT (subject) DO NOTHING`,
)
const listRevoked = sql(
  'listRevoked',
  `SELECT subject, status, revoked_at AS "revokedAt", forget_at AS "revocationExpiresAt" FROM revocation
    WHERE (revoked_at, subject) > (:revokedAt, :subject) ORDER BY revoked_at, subject LIMIT :limit`,
)
const purgeRevocations = deleteBatch('purgeRevocations', {
  table: 'revocation',
  key: 'subject',
  where: 'forget_at < :now',
})

export function revocationStore(db: Queryable): RevocationStore {
  return {
    async add(revocation) {
      await db.change(addRevocation, { ...revocation })
    },
    list: ({ after, limit }) =>
      db.rows<Revocation & RevocationCursor>(listRevoked, {
        revokedAt: after?.revokedAt ?? 0,
        subject: after?.subject ?? '',
        limit,
      }),
    purge: (now) => purgeBy(db, purgeRevocations, { now }),
  }
}
