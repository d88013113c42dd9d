import type { SigningKey } from '../../domain/signing-key.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface SigningKeyStore {
  /** All that are not retired, oldest first. */
  listLive(): Promise<SigningKey[]>
  listAll(limit: number): Promise<SigningKey[]>
  /** False if there is one in that state already. */
  insert(key: SigningKey): Promise<boolean>
  /**
   * Current becomes previous and next becomes current; false if either is not that any more. The caller's
   * transaction must then be undone: half of it may have been written.
   */
  rotate(turn: { currentKid: string; nextKid: string; now: number }): Promise<boolean>
  retire(turn: { previousBefore: number }): Promise<number>
  /** Retires a key: it neither signs nor verifies. False if it is retired already, or current. */
  revoke(kid: string): Promise<boolean>
}

const keyColumns = columnsOf<SigningKey>({
  kid: 'plain',
  algorithm: 'plain',
  state: 'plain',
  publicJwk: 'json',
  privateSealed: 'plain',
  createdAt: 'plain',
  currentSince: 'plain',
  previousSince: 'plain',
})
const columns = keyColumns.select()

const insertSigningKey = sql(
  'insertSigningKey',
  `INSERT INTO signing_key ${keyColumns.insert}
   ON CONFLICT DO NOTHING`,
)
const listLiveSigningKeys = sql(
  'listLiveSigningKeys',
  `SELECT ${columns} FROM signing_key WHERE state <> 'retired' ORDER BY created_at, kid`,
)
const listAllSigningKeys = sql(
  'listAllSigningKeys',
  `SELECT ${columns} FROM signing_key ORDER BY created_at DESC, kid LIMIT :limit`,
)
const stepDown = sql(
  'stepSigningKeyDown',
  `UPDATE signing_key SET state = 'previous', previous_since = :now WHERE kid = :currentKid AND state = 'current'`,
)
const stepUp = sql(
  'stepSigningKeyUp',
  `UPDATE signing_key SET state = 'current', current_since = :now WHERE kid = :nextKid AND state = 'next'`,
)
// The private key is deleted at that point.
const retireSigningKeys = sql(
  'retireSigningKeys',
  `UPDATE signing_key SET state = 'retired', private_sealed = '' WHERE state = 'previous' AND previous_since < :previousBefore`,
)

const revokeSigningKey = sql(
  'revokeSigningKey',
  `UPDATE signing_key SET state = 'retired', private_sealed = '' WHERE kid = :kid AND state IN ('next', 'previous')`,
)

export function signingKeyStore(db: Queryable): SigningKeyStore {
  return {
    listLive: async () => (await db.rows<SqlValues>(listLiveSigningKeys)).map(keyColumns.fromRow),
    listAll: async (limit) =>
      (await db.rows<SqlValues>(listAllSigningKeys, { limit })).map(keyColumns.fromRow),
    insert: async (key) => (await db.change(insertSigningKey, keyColumns.toRow(key))) === 1,
    async rotate({ currentKid, nextKid, now }) {
      if ((await db.change(stepDown, { currentKid, now })) !== 1) return false
      return (await db.change(stepUp, { nextKid, now })) === 1
    },
    revoke: async (kid) => (await db.change(revokeSigningKey, { kid })) === 1,
    retire: ({ previousBefore }) => db.change(retireSigningKeys, { previousBefore }),
  }
}
