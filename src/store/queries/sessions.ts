import type { Session } from '../../domain/session.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'
import type { SessionStore } from '../store.ts'

const columns = `id, account_id AS "accountId", client_id AS "clientId", scope, acr, amr, authenticated_at AS "authenticatedAt",
  counter, refreshed_at AS "refreshedAt", user_agent AS "userAgent", source, created_at AS "createdAt",
  expires_at AS "expiresAt", ended_at AS "endedAt", ending, evidence, origin, device, status`

const insertSession = sql(
  'insertSession',
  `INSERT INTO session (id, account_id, client_id, scope, acr, amr, authenticated_at, counter, refreshed_at, user_agent, source,
                        created_at, expires_at, ended_at, ending, evidence, origin, device, status)
   VALUES (:id, :accountId, :clientId, :scope, :acr, :amr, :authenticatedAt, :counter, :refreshedAt, :userAgent, :source,
           :createdAt, :expiresAt, NULL, NULL, :evidence, :origin, :device, :status)`,
)
const findSession = sql('findSession', `SELECT ${columns} FROM session WHERE id = :id`)
const listSessions = sql(
  'listSessions',
  `SELECT ${columns} FROM session
    WHERE account_id = :accountId AND id > :after AND ended_at IS NULL AND expires_at > :now ORDER BY id LIMIT :limit`,
)
const rotateSession = sql(
  'rotateSession',
  `UPDATE session SET counter = counter + 1, refreshed_at = :now
    WHERE id = :id AND counter = :counter AND ended_at IS NULL AND expires_at > :now AND refreshed_at > :idleSince
      AND EXISTS (SELECT 1 FROM account WHERE account.id = session.account_id AND account.state = 'active')
   RETURNING ${columns}`,
)
// A step-up: new evidence, a new turn, so that what was handed out before is no longer the current one.
const raiseSession = sql(
  'raiseSession',
  `UPDATE session SET acr = :acr, amr = :amr, authenticated_at = :now, evidence = :evidence, counter = counter + 1, refreshed_at = :now
    WHERE id = :id AND ended_at IS NULL AND expires_at > :now RETURNING ${columns}`,
)
const addEvidence = sql('addSessionEvidence', 'UPDATE session SET evidence = :evidence WHERE id = :id AND evidence = :former')
const hasDevice = sql('hasDevice', `SELECT 1 AS "one" FROM session WHERE account_id = :accountId AND device = :device LIMIT 1`)
const endSession = sql(
  'endSession',
  `UPDATE session SET ended_at = :now, ending = :ending WHERE id = :id AND account_id = :accountId AND ended_at IS NULL`,
)
const revocation = 'INSERT INTO revocation (subject, status, revoked_at, forget_at)'
const revoked = 'id, status, CAST(:now AS BIGINT), CAST(:forgetAt AS BIGINT)'
const unlessKnown = 'ON CONFLICT (subject) DO NOTHING'
const revokeOne = sql('revokeOne', `${revocation} SELECT ${revoked} FROM session WHERE id = :id ${unlessKnown}`)
const ofSessions = (which: string) => `FROM client_grant WHERE ended_at IS NULL AND session_id IN (SELECT id FROM session WHERE ${which})`
const revokeGrantsOfOne = sql('revokeGrantsOfSession', `${revocation} SELECT ${revoked} ${ofSessions('id = :id')} ${unlessKnown}`)
const toldOfSessions = (which: string) =>
  `UPDATE client_grant SET logout_next_at = :now WHERE ended_at IS NULL AND logout_next_at IS NULL
    AND session_id IN (SELECT id FROM session WHERE ${which})`
const tellClientsOfOne = sql('tellClientsOfSession', toldOfSessions('id = :id'))
// Both sides look at the same live sessions, in this order, so that none is ended without being told.
const allLive = 'account_id = :accountId AND ended_at IS NULL AND id <> :except'
const revokeAll = sql('revokeAll', `${revocation} SELECT ${revoked} FROM session WHERE ${allLive} ${unlessKnown}`)
const revokeGrantsOfAll = sql('revokeGrantsOfAll', `${revocation} SELECT ${revoked} ${ofSessions(allLive)} ${unlessKnown}`)
const tellClientsOfAll = sql('tellClientsOfAll', toldOfSessions(allLive))
const endAllSessions = sql('endAllSessions', `UPDATE session SET ended_at = :now, ending = :ending WHERE ${allLive}`)
const revokeEverybody = sql('revokeEverybody', `${revocation} SELECT ${revoked} FROM session WHERE ended_at IS NULL ${unlessKnown}`)
const revokeEveryGrant = sql('revokeEveryGrant', `${revocation} SELECT ${revoked} ${ofSessions('ended_at IS NULL')} ${unlessKnown}`)
const endEverySession = sql('endEverySession', 'UPDATE session SET ended_at = :now, ending = :ending WHERE ended_at IS NULL')
const lockAccount = sql('lockAccount', 'UPDATE account SET revision = revision WHERE id = :accountId')
const purgeSessions = sql('purgeSessions', 'DELETE FROM session WHERE expires_at < :now')

type Row = Omit<Session, 'amr' | 'evidence'> & Record<'amr' | 'evidence', string>
const fromRow = (row: Row): Session => ({ ...row, amr: JSON.parse(row.amr), evidence: JSON.parse(row.evidence) })

export function sessionStore(db: Queryable): SessionStore {
  return {
    async insert({ endedAt: _, ending: __, ...session }) {
      await db.change(insertSession, { ...session, amr: JSON.stringify(session.amr), evidence: JSON.stringify(session.evidence) })
    },
    async find(id) {
      const row = await db.row<Row>(findSession, { id })
      return row && fromRow(row)
    },
    listByAccount: async (accountId, { after, limit, now }) =>
      (await db.rows<Row>(listSessions, { accountId, after: after ?? '', limit, now })).map(fromRow),
    async rotate(turn) {
      const row = await db.row<Row>(rotateSession, turn)
      return row ? { outcome: 'rotated', session: fromRow(row) } : { outcome: 'not_current' }
    },
    async raise({ id, acr, amr, evidence, now }) {
      const row = await db.row<Row>(raiseSession, { id, acr, amr: JSON.stringify(amr), evidence: JSON.stringify(evidence), now })
      return row && fromRow(row)
    },
    async addEvidence({ session, evidence }) {
      const former = JSON.stringify(session.evidence)
      await db.change(addEvidence, { id: session.id, evidence: JSON.stringify([...session.evidence, evidence]), former })
    },
    hasDevice: async (device) => (await db.row(hasDevice, device)) !== undefined,
    async end({ id, accountId, ending, now, forgetAt }) {
      const ended = (await db.change(endSession, { id, accountId, ending, now })) === 1
      if (ended) {
        await db.change(revokeOne, { id, now, forgetAt })
        await db.change(revokeGrantsOfOne, { id, now, forgetAt })
        await db.change(tellClientsOfOne, { id, now })
      }
      return ended
    },
    async endAll({ accountId, except, ending, now, forgetAt }) {
      await db.change(lockAccount, { accountId })
      const spared = except ?? ''
      await db.change(revokeAll, { accountId, except: spared, now, forgetAt })
      await db.change(revokeGrantsOfAll, { accountId, except: spared, now, forgetAt })
      await db.change(tellClientsOfAll, { accountId, except: spared, now })
      return db.change(endAllSessions, { accountId, except: spared, ending, now })
    },
    async endEverybody({ ending, now, forgetAt }) {
      await db.change(revokeEverybody, { now, forgetAt })
      await db.change(revokeEveryGrant, { now, forgetAt })
      return db.change(endEverySession, { ending, now })
    },
    purge: (now) => db.change(purgeSessions, { now }),
  }
}
