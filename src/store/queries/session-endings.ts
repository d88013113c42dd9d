import type { AccountId, OrganisationId, SessionId } from '../../domain/id.ts'
import type { SessionEnding } from '../../domain/session.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

/** Ending sessions: revokes their tokens and grants, and queues back-channel logout of the clients. */
export interface SessionEndings {
  /**
   * False if it had ended already, or is not that account's. Its access tokens are refused until
   * `revocationExpiresAt`. `offline`: whether its `offline_access` grants end too.
   */
  end(end: {
    id: SessionId
    accountId: AccountId
    ending: SessionEnding
    offline: 'ends' | 'stays'
    now: number
    revocationExpiresAt: number
  }): Promise<boolean>
  /** All sessions but one, and every `offline_access` grant. */
  endAll(end: {
    accountId: AccountId
    except: SessionId | null
    ending: SessionEnding
    now: number
    revocationExpiresAt: number
  }): Promise<number>
  /** Sessions and grants for an organisation, of one account or of all. */
  endOfOrganisation(end: {
    organisationId: OrganisationId
    accountId: AccountId | null
    ending: SessionEnding
    now: number
    revocationExpiresAt: number
  }): Promise<number>
  /**
   * After a restore: all sessions of all accounts. Those refreshed since `refreshedSince` may have valid
   * access tokens.
   */
  endEverybody(end: {
    ending: SessionEnding
    refreshedSince: number
    now: number
    revocationExpiresAt: number
  }): Promise<number>
  /** Deletes some expired sessions; in a transaction, since their clients are told. */
  purgeBatch(batch: { now: number; rows: number }): Promise<number>
}

const endSession = sql(
  'endSession',
  `UPDATE session SET ended_at = :now, ending = :ending WHERE id = :id AND account_id = :accountId AND ended_at IS NULL`,
)
const revocation = 'INSERT INTO revocation (subject, status, revoked_at, forget_at)'
const revoked = 'id, status, CAST(:now AS BIGINT), CAST(:revocationExpiresAt AS BIGINT)'
const unlessKnown = 'ON CONFLICT (subject) DO NOTHING'
const revokeOne = sql(
  'revokeOne',
  `${revocation} SELECT ${revoked} FROM session WHERE id = :id ${unlessKnown}`,
)
const notice = 'INSERT INTO logout_notice (grant_id, client_id, account_id, tries, next_at, created_at)'
const told = 'id, client_id, account_id, 0, CAST(:now AS BIGINT), CAST(:now AS BIGINT)'
const unlessTold = 'ON CONFLICT (grant_id) DO NOTHING'
const grantsOf = (which: string) =>
  `FROM client_grant WHERE ended_at IS NULL AND session_id IN (SELECT id FROM session WHERE ${which})`
const tellClientsOfOne = sql(
  'tellClientsOfSession',
  `${notice} SELECT ${told} ${grantsOf('id = :id')} ${unlessTold}`,
)
const revokeGrantsOfOne = sql(
  'revokeGrantsOfSession',
  `${revocation} SELECT ${revoked} ${grantsOf('id = :id')} ${unlessKnown}`,
)
const endGrantsOfOne = sql(
  'endGrantsOfSession',
  'UPDATE client_grant SET ended_at = :now WHERE ended_at IS NULL AND session_id = :id',
)
const revokeBoundGrantsOfOne = sql(
  'revokeBoundGrantsOfSession',
  `${revocation} SELECT ${revoked} ${grantsOf('id = :id')} AND offline = 0 ${unlessKnown}`,
)
// All statements select the same live sessions, in this order, so that no client misses its logout. Offline
// grants outlive their session, so they are found by account.
export const othersOfAccount = 'account_id = :accountId AND ended_at IS NULL AND id <> :except'
const grantsOfAll = `FROM client_grant WHERE account_id = :accountId AND ended_at IS NULL
     AND (offline = 1 OR session_id IN (SELECT id FROM session WHERE ${othersOfAccount}))`
const revokeAll = sql(
  'revokeAll',
  `${revocation} SELECT ${revoked} FROM session WHERE ${othersOfAccount} ${unlessKnown}`,
)
const revokeGrantsOfAll = sql(
  'revokeGrantsOfAll',
  `${revocation} SELECT ${revoked} ${grantsOfAll} ${unlessKnown}`,
)
const tellClientsOfAll = sql('tellClientsOfAll', `${notice} SELECT ${told} ${grantsOfAll} ${unlessTold}`)
const endOfflineOfAll = sql(
  'endOfflineGrantsOfAll',
  'UPDATE client_grant SET ended_at = :now WHERE account_id = :accountId AND ended_at IS NULL AND offline = 1',
)
const endAllSessions = sql(
  'endAllSessions',
  `UPDATE session SET ended_at = :now, ending = :ending WHERE ${othersOfAccount}`,
)
const ofOrganisation = `organisation_id = :organisationId AND (:accountId = '' OR account_id = :accountId) AND ended_at IS NULL`
const grantsOfOrganisation = `FROM client_grant WHERE ${ofOrganisation}`
const [revokeOfOrganisation, revokeGrantsInOrganisation, revokeGrantsOfOrganisation] = [
  sql(
    'revokeSessionsOfOrganisation',
    `${revocation} SELECT ${revoked} FROM session WHERE ${ofOrganisation} ${unlessKnown}`,
  ),
  sql(
    'revokeGrantsInOrganisation',
    `${revocation} SELECT ${revoked} ${grantsOf(ofOrganisation)} ${unlessKnown}`,
  ),
  sql('revokeGrantsOfOrganisation', `${revocation} SELECT ${revoked} ${grantsOfOrganisation} ${unlessKnown}`),
]
const tellClientsOfOrganisation = sql(
  'tellClientsOfOrganisation',
  `${notice} SELECT ${told} ${grantsOfOrganisation} ${unlessTold}`,
)
const endGrantsOfOrganisation = sql(
  'endGrantsOfOrganisation',
  `UPDATE client_grant SET ended_at = :now WHERE ${ofOrganisation}`,
)
const endSessionsOfOrganisation = sql(
  'endSessionsOfOrganisation',
  `UPDATE session SET ended_at = :now, ending = :ending WHERE ${ofOrganisation}`,
)
const everyGrant = 'FROM client_grant WHERE ended_at IS NULL'
const revokeEverybody = sql(
  'revokeEverybody',
  `${revocation} SELECT ${revoked} FROM session WHERE ended_at IS NULL AND refreshed_at >= :refreshedSince ${unlessKnown}`,
)
const revokeEveryGrant = sql(
  'revokeEveryGrant',
  `${revocation} SELECT ${revoked} ${everyGrant} ${unlessKnown}`,
)
const tellEveryClient = sql('tellEveryClient', `${notice} SELECT ${told} ${everyGrant} ${unlessTold}`)
const endEveryGrant = sql('endEveryGrant', 'UPDATE client_grant SET ended_at = :now WHERE ended_at IS NULL')
const endEverySession = sql(
  'endEverySession',
  'UPDATE session SET ended_at = :now, ending = :ending WHERE ended_at IS NULL',
)
const lockAccount = sql('lockAccount', 'UPDATE account SET revision = revision WHERE id = :accountId')
// The same batch for both, within one transaction.
const expired = `id IN (SELECT id FROM session WHERE expires_at < :now ORDER BY expires_at, id LIMIT :rows)`
const tellClientsOfExpired = sql(
  'tellClientsOfExpired',
  `${notice} SELECT ${told} ${grantsOf(`ended_at IS NULL AND ${expired}`)} AND offline = 0 ${unlessTold}`,
)
const purgeSessions = sql('purgeSessions', `DELETE FROM session WHERE ${expired}`)

export function sessionEndings(db: Queryable): SessionEndings {
  return {
    async end({ id, accountId, ending, offline, now, revocationExpiresAt }) {
      const ended = (await db.change(endSession, { id, accountId, ending, now })) === 1
      if (!ended) return false
      await db.change(revokeOne, { id, now, revocationExpiresAt })
      await db.change(tellClientsOfOne, { id, now })
      await db.change(offline === 'ends' ? revokeGrantsOfOne : revokeBoundGrantsOfOne, {
        id,
        now,
        revocationExpiresAt,
      })
      if (offline === 'ends') await db.change(endGrantsOfOne, { id, now })
      return true
    },
    async endAll({ accountId, except, ending, now, revocationExpiresAt }) {
      await db.change(lockAccount, { accountId })
      const spared = except ?? ''
      await db.change(revokeAll, { accountId, except: spared, now, revocationExpiresAt })
      await db.change(revokeGrantsOfAll, { accountId, except: spared, now, revocationExpiresAt })
      await db.change(tellClientsOfAll, { accountId, except: spared, now })
      await db.change(endOfflineOfAll, { accountId, now })
      return db.change(endAllSessions, { accountId, except: spared, ending, now })
    },
    async endOfOrganisation({ organisationId, accountId, ending, now, revocationExpiresAt }) {
      const which = { organisationId, accountId: accountId ?? '' }
      for (const revoke of [revokeOfOrganisation, revokeGrantsInOrganisation, revokeGrantsOfOrganisation])
        await db.change(revoke, { ...which, now, revocationExpiresAt })
      await db.change(tellClientsOfOrganisation, { ...which, now })
      const grants = await db.change(endGrantsOfOrganisation, { ...which, now })
      return grants + (await db.change(endSessionsOfOrganisation, { ...which, ending, now }))
    },
    async endEverybody({ ending, refreshedSince, now, revocationExpiresAt }) {
      await db.change(revokeEverybody, { refreshedSince, now, revocationExpiresAt })
      await db.change(revokeEveryGrant, { now, revocationExpiresAt })
      await db.change(tellEveryClient, { now })
      await db.change(endEveryGrant, { now })
      return db.change(endEverySession, { ending, now })
    },
    async purgeBatch(batch) {
      await db.change(tellClientsOfExpired, batch)
      return db.change(purgeSessions, batch)
    },
  }
}
