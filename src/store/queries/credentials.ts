import type { Credential, CredentialUpdate } from '../../domain/credential.ts'
import type { AccountId, CredentialId, OrganisationId } from '../../domain/id.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface CredentialStore {
  /** Throws UniqueViolation if its lookup is taken. */
  insert(credential: Credential): Promise<void>
  listByAccount(accountId: AccountId): Promise<Credential[]>
  /** Of accounts whose ids are in a range, both ends included, in the order of accounts. */
  listOfRange(range: { from: AccountId; to: AccountId }): Promise<Credential[]>
  findByLookup(kind: string, lookup: string): Promise<Credential | undefined>
  /**
   * Those of a directory's users who have a session that rests on it, or a membership that came by it, in the
   * order of their lookups, which begin with `prefix`.
   */
  listInUse(
    wanted: Page<string> & {
      kind: string
      prefix: string
      organisationId: OrganisationId | null
      now: number
    },
  ): Promise<Credential[]>
  /** False if `revision` is no longer the current one. */
  update(update: CredentialUpdate, now: number): Promise<boolean>
  /**
   * Resets its failures. False if it no longer exists, is suspended, or was disabled meanwhile; from a known
   * place a right answer re-enables a disabled one.
   */
  markUsed(used: { id: CredentialId; isKnownPlace: boolean; now: number }): Promise<boolean>
  rename(change: { id: CredentialId; accountId: AccountId; name: string | null }): Promise<boolean>
  /**
   * Counts for all of the account's credentials of that kind, since a wrong answer does not say which was
   * meant; disables those that reach `disableAt`.
   */
  countFailure(failure: {
    accountId: AccountId
    kind: string
    disableAt: number
    now: number
  }): Promise<{ id: CredentialId; failures: number; disabledAt: number | null }[]>
  /** Re-enables the disabled ones. */
  enable(accountId: AccountId): Promise<number>
  remove(credential: { id: CredentialId; accountId: AccountId }): Promise<boolean>
  /** False if its revision has changed. */
  removeRevision(credential: { id: CredentialId; accountId: AccountId; revision: number }): Promise<boolean>
  removeKind(accountId: AccountId, kind: string): Promise<number>
  /** Suspends what was set up after a moment, until the owner confirms it. Returns how many. */
  suspendSince(suspend: { accountId: AccountId; since: number; now: number }): Promise<number>
  /** Confirmed by the owner: it counts again. False if it was not suspended. */
  confirm(credential: { id: CredentialId; accountId: AccountId }): Promise<boolean>
  removeAll(accountId: AccountId): Promise<number>
}

export const credentialColumns = columnsOf<Credential>({
  id: 'plain',
  accountId: 'plain',
  kind: 'plain',
  lookup: 'plain',
  name: 'plain',
  data: 'json',
  revision: 'plain',
  createdAt: 'plain',
  lastUsedAt: 'plain',
  failures: 'plain',
  disabledAt: 'plain',
  suspendedAt: 'plain',
})
const columns = credentialColumns.select()

const insertCredential = sql('insertCredential', `INSERT INTO credential ${credentialColumns.insert}`)
const listCredentials = sql(
  'listCredentials',
  `SELECT ${columns} FROM credential WHERE account_id = :accountId ORDER BY id`,
)
const listCredentialsOfRange = sql(
  'listCredentialsOfRange',
  `SELECT ${columns} FROM credential WHERE account_id >= :from AND account_id <= :to ORDER BY account_id, id`,
)
const findCredentialByLookup = sql(
  'findCredentialByLookup',
  `SELECT ${columns} FROM credential WHERE kind = :kind AND lookup = :lookup`,
)
// Lookups are compared by bytes: `:end` is the first that begins otherwise.
const listInUse = sql(
  'listCredentialsInUse',
  `SELECT ${credentialColumns.select('c')} FROM credential c WHERE c.kind = :kind AND c.lookup > :after AND c.lookup < :end
     AND (EXISTS (SELECT 1 FROM session s WHERE s.account_id = c.account_id AND s.ended_at IS NULL AND s.expires_at > :now
                     AND s.evidence LIKE '%"' || c.id || '"%')
       OR EXISTS (SELECT 1 FROM membership m WHERE m.account_id = c.account_id AND m.organisation_id = :organisationId
                     AND m.source = 'connection' AND m.break_glass = 0))
    ORDER BY c.lookup LIMIT :limit`,
)
const updateCredential = sql(
  'updateCredential',
  `UPDATE credential SET data = :data, revision = revision + 1, last_used_at = :now
    WHERE id = :id AND revision = :revision AND suspended_at IS NULL`,
)
const markCredentialUsed = sql(
  'markCredentialUsed',
  `UPDATE credential SET last_used_at = :now, failures = 0, disabled_at = NULL
    WHERE id = :id AND suspended_at IS NULL AND (disabled_at IS NULL OR :isKnownPlace = 1)`,
)
const renameCredential = sql(
  'renameCredential',
  'UPDATE credential SET name = :name WHERE id = :id AND account_id = :accountId',
)
const countFailure = sql(
  'countCredentialFailure',
  `UPDATE credential SET failures = failures + 1,
     disabled_at = CASE WHEN failures + 1 >= :disableAt AND disabled_at IS NULL THEN CAST(:now AS BIGINT) ELSE disabled_at END
    WHERE account_id = :accountId AND kind = :kind
   RETURNING id, failures, disabled_at AS "disabledAt"`,
)
const enableCredentials = sql(
  'enableCredentials',
  'UPDATE credential SET failures = 0, disabled_at = NULL WHERE account_id = :accountId AND disabled_at IS NOT NULL',
)
const removeCredential = sql(
  'removeCredential',
  'DELETE FROM credential WHERE id = :id AND account_id = :accountId',
)
const removeCredentialRevision = sql(
  'removeCredentialRevision',
  'DELETE FROM credential WHERE id = :id AND account_id = :accountId AND revision = :revision',
)
const removeCredentialKind = sql(
  'removeCredentialKind',
  'DELETE FROM credential WHERE account_id = :accountId AND kind = :kind',
)
const removeAllCredentials = sql(
  'removeAllCredentials',
  'DELETE FROM credential WHERE account_id = :accountId',
)
const suspendSince = sql(
  'suspendCredentialsSince',
  'UPDATE credential SET suspended_at = :now WHERE account_id = :accountId AND created_at > :since AND suspended_at IS NULL',
)
const confirmCredential = sql(
  'confirmCredential',
  `UPDATE credential SET suspended_at = NULL, failures = 0, disabled_at = NULL
    WHERE id = :id AND account_id = :accountId AND suspended_at IS NOT NULL`,
)

export function credentialStore(db: Queryable): CredentialStore {
  return {
    async insert(credential) {
      await db.change(insertCredential, credentialColumns.toRow(credential))
    },
    listByAccount: async (accountId) =>
      (await db.rows<SqlValues>(listCredentials, { accountId })).map(credentialColumns.fromRow),
    listOfRange: async (range) =>
      (await db.rows<SqlValues>(listCredentialsOfRange, range)).map(credentialColumns.fromRow),
    findByLookup: async (kind, lookup) =>
      credentialColumns.fromRowIfAny(await db.row(findCredentialByLookup, { kind, lookup })),
    listInUse: async ({ prefix, after, organisationId, ...wanted }) =>
      (
        await db.rows<SqlValues>(listInUse, {
          ...wanted,
          ...{ after: after ?? prefix, organisationId: organisationId ?? '' },
          end: prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1),
        })
      ).map(credentialColumns.fromRow),
    update: async ({ id, revision, data }, now) =>
      (await db.change(updateCredential, { id, revision, data: JSON.stringify(data), now })) === 1,
    markUsed: async ({ id, isKnownPlace, now }) =>
      (await db.change(markCredentialUsed, { id, isKnownPlace: isKnownPlace ? 1 : 0, now })) === 1,
    rename: async ({ id, accountId, name }) =>
      (await db.change(renameCredential, { id, accountId, name })) === 1,
    countFailure: (failure) => db.rows(countFailure, failure),
    enable: (accountId) => db.change(enableCredentials, { accountId }),
    remove: async ({ id, accountId }) => (await db.change(removeCredential, { id, accountId })) === 1,
    removeRevision: async (credential) => (await db.change(removeCredentialRevision, credential)) === 1,
    removeKind: (accountId, kind) => db.change(removeCredentialKind, { accountId, kind }),
    removeAll: (accountId) => db.change(removeAllCredentials, { accountId }),
    suspendSince: (suspend) => db.change(suspendSince, suspend),
    confirm: async (credential) => (await db.change(confirmCredential, credential)) === 1,
  }
}
