import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { sql } from '../statement.ts'
import type { Revocation, RevocationCursor, RevocationStore } from '../store.ts'

const addRevocation = sql(
  'addRevocation',
  `INSERT INTO revocation (subject, status, revoked_at, forget_at) VALUES (:subject, :status, :now, :forgetAt)
   ON CONFLICT (subject) DO NOTHING`,
)
const listRevoked = sql(
  'listRevoked',
  `SELECT subject, status, revoked_at AS "revokedAt", forget_at AS "forgetAt" FROM revocation
    WHERE (revoked_at, subject) > (:revokedAt, :subject) ORDER BY revoked_at, subject LIMIT :limit`,
)
const purgeRevocations = deleteBatch('purgeRevocations', { table: 'revocation', key: 'subject', where: 'forget_at < :now' })

export function revocationStore(db: Queryable): RevocationStore {
  return {
    async add(revocation) {
      await db.change(addRevocation, { ...revocation })
    },
    list: ({ after, limit }) =>
      db.rows<Revocation & RevocationCursor>(listRevoked, { revokedAt: after?.revokedAt ?? 0, subject: after?.subject ?? '', limit }),
    purge: (now) => purgeBy(db, purgeRevocations, { now }),
  }
}
