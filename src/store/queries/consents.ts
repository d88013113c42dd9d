import type { Consent } from '../../domain/grant.ts'
import type { AccountId } from '../../domain/id.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

export interface ConsentStore {
  find(consent: { accountId: AccountId; clientId: string }): Promise<Consent | undefined>
  put(consent: Consent & { now: number }): Promise<void>
  listByAccount(accountId: AccountId): Promise<Consent[]>
  remove(consent: { accountId: AccountId; clientId: string }): Promise<boolean>
}

const columns = `account_id AS "accountId", client_id AS "clientId", granted`

const findConsent = sql('findConsent', `SELECT ${columns} FROM consent WHERE account_id = :accountId AND client_id = :clientId`)
const putConsent = sql(
  'putConsent',
  `INSERT INTO consent (account_id, client_id, granted, created_at, updated_at) VALUES (:accountId, :clientId, :granted, :now, :now)
   ON CONFLICT (account_id, client_id) DO UPDATE SET granted = excluded.granted, updated_at = excluded.updated_at`,
)
const listConsents = sql('listConsents', `SELECT ${columns} FROM consent WHERE account_id = :accountId ORDER BY client_id`)
const removeConsent = sql('removeConsent', 'DELETE FROM consent WHERE account_id = :accountId AND client_id = :clientId')

type Row = Omit<Consent, 'granted'> & { granted: string }
const fromRow = (row: Row): Consent => ({ ...row, granted: JSON.parse(row.granted) })

export function consentStore(db: Queryable): ConsentStore {
  return {
    async find(consent) {
      const row = await db.row<Row>(findConsent, consent)
      return row && fromRow(row)
    },
    async put({ granted, ...consent }) {
      await db.change(putConsent, { ...consent, granted: JSON.stringify(granted) })
    },
    listByAccount: async (accountId) => (await db.rows<Row>(listConsents, { accountId })).map(fromRow),
    remove: async (consent) => (await db.change(removeConsent, consent)) === 1,
  }
}
