import type { SigningKey } from '../../domain/signing-key.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

export interface SigningKeyStore {
  /** All that are not retired, oldest first. */
  listLive(): Promise<SigningKey[]>
  listAll(limit: number): Promise<SigningKey[]>
  /** False where there is one in that state already. */
  insert(key: SigningKey): Promise<boolean>
  /**
   * Current becomes previous and next becomes current; false where either is not that any more. The caller's transaction must then be undone:
   * half of it may have been written.
   */
  rotate(turn: { currentKid: string; nextKid: string; now: number }): Promise<boolean>
  retire(turn: { previousBefore: number }): Promise<number>
  /** It signs and verifies nothing any more. False where it does not already, or is current. */
  revoke(kid: string): Promise<boolean>
}

const columns = `kid, algorithm, state, public_jwk AS "publicJwk", private_sealed AS "privateSealed",
  created_at AS "createdAt", current_since AS "currentSince", previous_since AS "previousSince"`

const insertSigningKey = sql(
  'insertSigningKey',
  `INSERT INTO signing_key (kid, algorithm, state, public_jwk, private_sealed, created_at, current_since, previous_since)
   VALUES (:kid, :algorithm, :state, :publicJwk, :privateSealed, :createdAt, :currentSince, :previousSince)
   ON CONFLICT DO NOTHING`,
)
const listLiveSigningKeys = sql(
  'listLiveSigningKeys',
  `SELECT ${columns} FROM signing_key WHERE state <> 'retired' ORDER BY created_at, kid`,
)
const listAllSigningKeys = sql('listAllSigningKeys', `SELECT ${columns} FROM signing_key ORDER BY created_at DESC, kid LIMIT :limit`)
const stepDown = sql(
  'stepSigningKeyDown',
  `UPDATE signing_key SET state = 'previous', previous_since = :now WHERE kid = :currentKid AND state = 'current'`,
)
const stepUp = sql(
  'stepSigningKeyUp',
  `UPDATE signing_key SET state = 'current', current_since = :now WHERE kid = :nextKid AND state = 'next'`,
)
// The private half is worthless from then on, and is thrown away.
const retireSigningKeys = sql(
  'retireSigningKeys',
  `UPDATE signing_key SET state = 'retired', private_sealed = '' WHERE state = 'previous' AND previous_since < :previousBefore`,
)

const revokeSigningKey = sql(
  'revokeSigningKey',
  `UPDATE signing_key SET state = 'retired', private_sealed = '' WHERE kid = :kid AND state IN ('next', 'previous')`,
)

type Row = Omit<SigningKey, 'publicJwk'> & { publicJwk: string }
const fromRow = (row: Row): SigningKey => ({ ...row, publicJwk: JSON.parse(row.publicJwk) })

export function signingKeyStore(db: Queryable): SigningKeyStore {
  return {
    listLive: async () => (await db.rows<Row>(listLiveSigningKeys)).map(fromRow),
    listAll: async (limit) => (await db.rows<Row>(listAllSigningKeys, { limit })).map(fromRow),
    insert: async (key) => (await db.change(insertSigningKey, { ...key, publicJwk: JSON.stringify(key.publicJwk) })) === 1,
    async rotate({ currentKid, nextKid, now }) {
      if ((await db.change(stepDown, { currentKid, now })) !== 1) return false
      return (await db.change(stepUp, { nextKid, now })) === 1
    },
    revoke: async (kid) => (await db.change(revokeSigningKey, { kid })) === 1,
    retire: ({ previousBefore }) => db.change(retireSigningKeys, { previousBefore }),
  }
}
