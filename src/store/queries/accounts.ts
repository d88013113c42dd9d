import type {
  Account,
  AccountIdentifier,
  AccountRole,
  AccountState,
  AccountWithIdentifiers,
} from '../../domain/account.ts'
import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { IdentifierKind, NormalIdentifier } from '../../domain/identifier.ts'
import { identifierKinds } from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import { type SqlValues, type Statement, sql } from '../statement.ts'
import { identifierColumns, identifierStore } from './identifiers.ts'

export interface AccountStore {
  /** Throws UniqueViolation if an identifier, or a username that looks like it, is taken. */
  insert(account: Account, identifiers: readonly NormalIdentifier[]): Promise<void>
  find(id: AccountId): Promise<AccountWithIdentifiers | undefined>
  findByIdentifier(kind: IdentifierKind, value: string): Promise<AccountWithIdentifiers | undefined>
  list(
    filter: Page<AccountId> & { state: AccountState | null; role: AccountRole | null },
  ): Promise<AccountWithIdentifiers[]>
  /** Those of an organisation, by their ids. */
  listMembers(
    id: OrganisationId,
    page: Page<AccountId> & { onlyAdmins?: boolean },
  ): Promise<AccountWithIdentifiers[]>
  /** False if `revision` is no longer the current one. */
  update(change: {
    id: AccountId
    revision: number
    name: string | null
    locale: Locale
    now: number
  }): Promise<boolean>
  /** Locks the account until the transaction ends. Undefined if it no longer exists. */
  lockForUpdate(id: AccountId): Promise<AccountState | undefined>
  setZone(change: { id: AccountId; zone: string }): Promise<void>
  /** Clears the name that its owner chose. */
  forgetProfile(account: { id: AccountId; now: number }): Promise<void>
  /** False if it was in that state already, or does not exist. */
  setState(change: { id: AccountId; state: AccountState; now: number }): Promise<boolean>
  /** Takes its identifiers, credentials, sessions and attempts with it. */
  delete(id: AccountId): Promise<boolean>
  /** Accounts whose name or an identifier has this prefix. */
  search(beginning: { text: string; limit: number }): Promise<AccountWithIdentifiers[]>
  /** False if it has that role already, or does not exist. */
  setRole(change: { id: AccountId; role: AccountRole; now: number }): Promise<boolean>
  countOperators(state: AccountState): Promise<number>
  /** Locks changes of operators until the transaction ends. */
  lockOperators(now: number): Promise<void>
}

export const accountColumns = columnsOf<Account>({
  id: 'plain',
  kind: 'plain',
  state: 'plain',
  role: 'plain',
  name: 'plain',
  locale: 'plain',
  zone: 'plain',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = accountColumns.select('a')

const insertAccount = sql('insertAccount', `INSERT INTO account ${accountColumns.insert}`)
const findAccount = sql('findAccount', `SELECT ${columns} FROM account a WHERE a.id = :id`)
const findAccountByIdentifier = sql(
  'findAccountByIdentifier',
  `SELECT ${columns} FROM identifier i JOIN account a ON a.id = i.account_id WHERE i.kind = :kind AND i.value = :value`,
)
interface Listing {
  accounts: Statement
  identifiers: Statement
}
// One statement a filter, each along an index of its own, and one for the identifiers of all that it finds.
function listBy(name: string, filter: string, from = 'account a'): Listing {
  const found = (what: string) =>
    `SELECT ${what} FROM ${from} WHERE ${filter}a.id > :after ORDER BY a.id LIMIT :limit`
  return {
    accounts: sql(name, found(columns)),
    identifiers: sql(
      `${name}Identifiers`,
      `SELECT ${identifierColumns} FROM identifier WHERE account_id IN (${found('a.id')}) ORDER BY account_id, kind`,
    ),
  }
}
const listAccounts = listBy('listAccounts', '')
const listAccountsByState = listBy('listAccountsByState', 'a.state = :state AND ')
const listAccountsByRole = listBy('listAccountsByRole', 'a.role = :role AND ')
const listAccountsByBoth = listBy('listAccountsByBoth', 'a.role = :role AND a.state = :state AND ')
const listMembersBy = (name: string, filter: string) =>
  listBy(
    name,
    `m.organisation_id = :organisationId AND ${filter}`,
    'membership m JOIN account a ON a.id = m.account_id',
  )
const listAccountsOfOrganisation = listMembersBy('listAccountsOfOrganisation', '')
const listAdminsOfOrganisation = listMembersBy('listAdminsOfOrganisation', 'm.is_admin = 1 AND ')
const searchIdentifiers = sql(
  'searchIdentifiers',
  `SELECT account_id AS "id" FROM identifier WHERE kind = :kind AND value >= :text AND value < :end ORDER BY value LIMIT :limit`,
)
const searchNames = sql(
  'searchNames',
  'SELECT id FROM account WHERE name IS NOT NULL AND name >= :text AND name < :end ORDER BY name LIMIT :limit',
)
const endOfAll = '\u{10ffff}' // sorts after every letter
const setAccountRole = sql(
  'setAccountRole',
  'UPDATE account SET role = :role, revision = revision + 1, updated_at = :now WHERE id = :id AND role <> :role',
)
const updateAccount = sql(
  'updateAccount',
  `UPDATE account SET name = :name, locale = :locale, revision = revision + 1, updated_at = :now
    WHERE id = :id AND revision = :revision`,
)
const setAccountZone = sql('setAccountZone', 'UPDATE account SET zone = :zone WHERE id = :id')
const setAccountState = sql(
  'setAccountState',
  'UPDATE account SET state = :state, revision = revision + 1, updated_at = :now WHERE id = :id AND state <> :state',
)
const forgetProfile = sql(
  'forgetProfile',
  'UPDATE account SET name = NULL, revision = revision + 1, updated_at = :now WHERE id = :id',
)
const holdAccount = sql(
  'holdAccount',
  'UPDATE account SET revision = revision WHERE id = :id RETURNING state',
)
const deleteAccount = sql('deleteAccount', 'DELETE FROM account WHERE id = :id')
const countOperators = sql(
  'countOperators',
  `SELECT COUNT(*) AS "count" FROM account WHERE role = 'operator' AND state = :state`,
)
const lockOperators = sql(
  'lockOperators',
  `INSERT INTO fact (name, value) VALUES ('operators-changed', :now) ON CONFLICT (name) DO UPDATE SET value = :now`,
)

export function accountStore(db: Queryable): AccountStore {
  const { list: identifiers, put } = identifierStore(db)
  const withIdentifiers = async (account: Account | undefined): Promise<AccountWithIdentifiers | undefined> =>
    account && { ...account, identifiers: await identifiers(account.id) }

  async function read(statements: Listing, filter: SqlValues): Promise<AccountWithIdentifiers[]> {
    const accounts = await db.rows<Account>(statements.accounts, filter)
    const identifiersOf = Map.groupBy(
      await db.rows<AccountIdentifier>(statements.identifiers, filter),
      ({ accountId }) => accountId,
    )
    return accounts.map((account) => ({ ...account, identifiers: identifiersOf.get(account.id) ?? [] }))
  }

  return {
    async insert(draft, names) {
      await db.change(insertAccount, accountColumns.toRow(draft))
      for (const identifier of names)
        await put({ accountId: draft.id, identifier, verifiedAt: null, createdAt: draft.createdAt })
    },
    find: async (id) => withIdentifiers(await db.row<Account>(findAccount, { id })),
    findByIdentifier: async (kind, value) =>
      withIdentifiers(await db.row<Account>(findAccountByIdentifier, { kind, value })),
    list({ after, limit, state, role }) {
      const statements = role
        ? state
          ? listAccountsByBoth
          : listAccountsByRole
        : state
          ? listAccountsByState
          : listAccounts
      return read(statements, {
        ...{ after: after ?? '', limit },
        ...(state && { state }),
        ...(role && { role }),
      })
    },
    listMembers: (organisationId, { after, limit, onlyAdmins = false }) =>
      read(onlyAdmins ? listAdminsOfOrganisation : listAccountsOfOrganisation, {
        organisationId,
        after: after ?? '',
        limit,
      }),
    update: async ({ id, revision, name, locale, now }) =>
      (await db.change(updateAccount, { id, revision, name, locale, now })) === 1,
    lockForUpdate: async (id) => (await db.row<{ state: AccountState }>(holdAccount, { id }))?.state,
    async setZone(change) {
      await db.change(setAccountZone, change)
    },
    async forgetProfile(account) {
      await db.change(forgetProfile, account)
    },
    async search({ text, limit }) {
      const range = { text, end: text + endOfAll, limit }
      const found = [
        ...(
          await Promise.all(
            identifierKinds.map((kind) =>
              db.rows<Pick<Account, 'id'>>(searchIdentifiers, { ...range, kind }),
            ),
          )
        ).flat(),
        ...(await db.rows<Pick<Account, 'id'>>(searchNames, range)),
      ]
      const ids = [...new Set(found.map(({ id }) => id))].slice(0, limit)
      const accounts = await Promise.all(
        ids.map(async (id) => withIdentifiers(await db.row<Account>(findAccount, { id }))),
      )
      return accounts.filter((account) => account !== undefined)
    },
    setRole: async ({ id, role, now }) => (await db.change(setAccountRole, { id, role, now })) === 1,
    setState: async ({ id, state, now }) => (await db.change(setAccountState, { id, state, now })) === 1,
    delete: async (id) => (await db.change(deleteAccount, { id })) === 1,
    countOperators: async (state) => (await db.row<{ count: number }>(countOperators, { state }))?.count ?? 0,
    async lockOperators(now) {
      await db.change(lockOperators, { now: String(now) })
    },
  }
}
