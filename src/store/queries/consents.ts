import type { Consent } from '../../domain/grant.ts'
import type { AccountId } from '../../domain/id.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface ConsentStore {
  find(consent: { accountId: AccountId; clientId: string }): Promise<Consent | undefined>
  put(consent: Consent & { now: number }): Promise<void>
  listByAccount(accountId: AccountId): Promise<Consent[]>
  remove(consent: { accountId: AccountId; clientId: string }): Promise<boolean>
}

const consentColumns = columnsOf<Consent>({ accountId: 'plain', clientId: 'plain', granted: 'json' })
const columns = consentColumns.select()

const findConsent = sql(
  'findConsent',
  `SELECT ${columns} FROM consent WHERE account_id = :accountId AND client_id = :clientId`,
)
const putConsent = sql(
  'putConsent',
  `INSERT INTO consent (account_id, client_id, granted, created_at, updated_at) VALUES (:accountId, :clientId, :granted, :now, :now)
   ON CONFLICT (account_id, client_id) DO UPDATE SET granted = excluded.granted, updated_at = excluded.updated_at`,
)
const listConsents = sql(
  'listConsents',
  `SELECT ${columns} FROM consent WHERE account_id = :accountId ORDER BY client_id`,
)
const removeConsent = sql(
  'removeConsent',
  'DELETE FROM consent WHERE account_id = :accountId AND client_id = :clientId',
)

export function consentStore(db: Queryable): ConsentStore {
  return {
    find: async (consent) => consentColumns.fromRowIfAny(await db.row(findConsent, consent)),
    async put({ now, ...consent }) {
      await db.change(putConsent, { ...consentColumns.toRow(consent), now })
    },
    listByAccount: async (accountId) =>
      (await db.rows<SqlValues>(listConsents, { accountId })).map(consentColumns.fromRow),
    remove: async (consent) => (await db.change(removeConsent, consent)) === 1,
  }
}
