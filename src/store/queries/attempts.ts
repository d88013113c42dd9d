import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'
import type { AttemptStore } from '../store.ts'

const insertAttempt = sql(
  'insertAttempt',
  `INSERT INTO attempt (id, purpose, state, account_id, requested_acr, evidence, decision, source, created_at, expires_at)
   VALUES (:id, :purpose, :state, :accountId, :requestedAcr, :evidence, :decision, :source, :createdAt, :expiresAt)`,
)
const purgeAttempts = sql('purgeAttempts', 'DELETE FROM attempt WHERE created_at < :before')

export function attemptStore(db: Queryable): AttemptStore {
  return {
    async insert(attempt) {
      const decision = attempt.decision && JSON.stringify(attempt.decision)
      await db.change(insertAttempt, { ...attempt, evidence: JSON.stringify(attempt.evidence), decision })
    },
    purge: (before) => db.change(purgeAttempts, { before }),
  }
}
