import type { Assurance } from '../../domain/assurance.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { AccountId, CredentialId, SessionId } from '../../domain/id.ts'
import type { Session } from '../../domain/session.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { inTime, sql } from '../statement.ts'
import { othersOfAccount, type SessionEndings, sessionEndings } from './session-endings.ts'
import { sessionInUse } from './session-in-use.ts'

type Rotation = { outcome: 'rotated'; session: Session } | { outcome: 'not_current' }

export interface SessionStore extends SessionEndings {
  insert(session: Session): Promise<void>
  find(id: SessionId): Promise<Session | undefined>
  listByAccount(accountId: AccountId, filter: Page<SessionId> & { now: number }): Promise<Session[]>
  /**
   * Locks a live session of an active account until the transaction that it authorises ends. False if it has
   * ended.
   */
  lockForUpdate(session: { id: SessionId; now: number; idleSince: number }): Promise<boolean>
  /** Updates the time of last use; rarely, since it is a write. */
  touch(touch: { id: SessionId; now: number; before: number }): Promise<void>
  /** Compare-and-swap on the rotation counter, for a live session of an active account. */
  rotate(turn: { id: SessionId; counter: number; now: number; idleSince: number }): Promise<Rotation>
  /** New evidence for a live session; its refresh token rotates. Undefined if it has ended. */
  stepUp(to: {
    id: SessionId
    acr: Assurance
    amr: string[]
    evidence: Evidence[]
    now: number
  }): Promise<Session | undefined>
  /** Replaces its evidence only. No effect if its evidence changed meanwhile. */
  setEvidence(change: { session: Pick<Session, 'id' | 'evidence'>; evidence: Evidence[] }): Promise<void>
  /** Whether the account was signed in on this device before. */
  hasDevice(device: { accountId: AccountId; device: string }): Promise<boolean>
  /** The same, or from this address. */
  hasPlace(place: { accountId: AccountId; device: string; source: string }): Promise<boolean>
  /** The newest session of an API key with this scope. */
  findOfKey(key: {
    accountId: AccountId
    credentialId: CredentialId
    scope: string
    now: number
  }): Promise<Session | undefined>
  /** Sessions that rest on this credential, except one. */
  listResting(resting: {
    accountId: AccountId
    credentialId: CredentialId
    except: SessionId | null
    now: number
  }): Promise<SessionId[]>
}

const session = columnsOf<Session>({
  id: 'plain',
  accountId: 'plain',
  clientId: 'plain',
  scope: 'plain',
  acr: 'plain',
  amr: 'json',
  evidence: 'json',
  authenticatedAt: 'plain',
  counter: 'plain',
  refreshedAt: 'plain',
  userAgent: 'plain',
  source: 'plain',
  origin: 'plain',
  device: 'plain',
  status: 'plain',
  createdAt: 'plain',
  usedAt: 'plain',
  expiresAt: 'plain',
  endedAt: 'plain',
  ending: 'plain',
  organisationId: 'plain',
  organisationRoles: 'json',
})
const columns = session.select()

const insertSession = sql('insertSession', `INSERT INTO session ${session.insert}`)
const findSession = sql('findSession', `SELECT ${columns} FROM session WHERE id = :id`)
const listSessions = sql(
  'listSessions',
  `SELECT ${columns} FROM session
    WHERE account_id = :accountId AND id > :after AND ended_at IS NULL AND expires_at > :now AND origin <> 'key' ORDER BY id LIMIT :limit`,
)
const isLive = `${sessionInUse}
      AND EXISTS (SELECT 1 FROM account WHERE account.id = session.account_id AND account.state = 'active')`
const holdSession = sql('holdSession', `UPDATE session SET counter = counter WHERE id = :id AND ${isLive}`)
const touchSession = sql(
  'touchSession',
  'UPDATE session SET used_at = :now WHERE id = :id AND used_at < :before AND ended_at IS NULL',
)
const rotateSession = sql(
  'rotateSession',
  `UPDATE session SET counter = counter + 1, refreshed_at = :now WHERE id = :id AND counter = :counter AND ${isLive} ${inTime}
   RETURNING ${columns}`,
  { key: 'id', types: { id: 'TEXT', now: 'BIGINT', counter: 'BIGINT', idleSince: 'BIGINT' } },
)
// A step-up rotates the refresh token, so that one issued before is no longer current.
const raiseSession = sql(
  'raiseSession',
  `UPDATE session SET acr = :acr, amr = :amr, authenticated_at = :now, evidence = :evidence, counter = counter + 1,
     refreshed_at = :now, used_at = :now
    WHERE id = :id AND ended_at IS NULL AND expires_at > :now RETURNING ${columns}`,
)
const setEvidence = sql(
  'setSessionEvidence',
  'UPDATE session SET evidence = :evidence WHERE id = :id AND evidence = :former',
)
const hasPlace = sql(
  'hasPlace',
  `SELECT 1 AS "one" FROM session WHERE account_id = :accountId AND (device = :device OR source = :source) AND origin <> 'key' LIMIT 1`,
)
const hasDevice = sql(
  'hasDevice',
  `SELECT 1 AS "one" FROM session WHERE account_id = :accountId AND device = :device LIMIT 1`,
)
const listResting = sql(
  'listRestingSessions',
  `SELECT id FROM session WHERE ${othersOfAccount} AND expires_at > :now AND evidence LIKE :resting ORDER BY id`,
)
const findOfKey = sql(
  'findSessionOfKey',
  `SELECT ${columns} FROM session WHERE account_id = :accountId AND origin = 'key' AND scope = :scope AND ended_at IS NULL
     AND expires_at > :now AND evidence LIKE :resting ORDER BY id DESC LIMIT 1`,
)

export function sessionStore(db: Queryable): SessionStore {
  return {
    ...sessionEndings(db),
    async insert(draft) {
      await db.change(insertSession, session.toRow(draft))
    },
    find: async (id) => session.fromRowIfAny(await db.row(findSession, { id })),
    listByAccount: async (accountId, { after, limit, now }) =>
      (await db.rows<SqlValues>(listSessions, { accountId, after: after ?? '', limit, now })).map(
        session.fromRow,
      ),
    lockForUpdate: async (live) => (await db.change(holdSession, live)) === 1,
    async touch(touch) {
      await db.change(touchSession, touch)
    },
    async rotate(turn) {
      const row = await db.row<SqlValues>(rotateSession, turn)
      return row ? { outcome: 'rotated', session: session.fromRow(row) } : { outcome: 'not_current' }
    },
    stepUp: async ({ now, ...to }) =>
      session.fromRowIfAny(await db.row(raiseSession, { ...session.toRow(to), now })),
    async setEvidence({ session: { id, evidence: former }, evidence }) {
      await db.change(setEvidence, { ...session.toRow({ id, evidence }), former: JSON.stringify(former) })
    },
    hasDevice: async (device) => (await db.row(hasDevice, device)) !== undefined,
    hasPlace: async (place) => (await db.row(hasPlace, place)) !== undefined,
    findOfKey: async ({ credentialId, ...key }) =>
      session.fromRowIfAny(await db.row(findOfKey, { ...key, resting: `%"${credentialId}"%` })),
    listResting: async ({ accountId, credentialId, except, now }) =>
      (
        await db.rows<{ id: Session['id'] }>(listResting, {
          accountId,
          except: except ?? '',
          now,
          resting: `%"${credentialId}"%`,
        })
      ).map(({ id }) => id),
  }
}
