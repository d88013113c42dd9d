import type { OrganisationId } from '../../domain/id.ts'
import type { OrganisationDomain } from '../../domain/organisation.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

type Key = Pick<OrganisationDomain, 'organisationId' | 'domain'>

export interface OrganisationDomainStore {
  /** Throws UniqueViolation if the organisation claims it already. */
  insert(domain: OrganisationDomain): Promise<void>
  find(key: Key): Promise<OrganisationDomain | undefined>
  list(organisationId: OrganisationId): Promise<OrganisationDomain[]>
  /** The claim that was proved, of any organisation. */
  findVerified(domain: string): Promise<OrganisationDomain | undefined>
  /** Verified ones that were not looked up since, the oldest first. */
  listDue(due: { before: number; limit: number }): Promise<OrganisationDomain[]>
  /** Throws UniqueViolation if another organisation has it; false if it is not claimed any more. */
  verify(found: Key & { now: number }): Promise<boolean>
  /** The record is missing: since when, and whether the domain is still verified. */
  miss(missed: Key & { missingSince: number; isKept: boolean; now: number }): Promise<boolean>
  remove(key: Key): Promise<boolean>
}

const domainColumns = columnsOf<OrganisationDomain>({
  organisationId: 'plain',
  domain: 'plain',
  token: 'plain',
  verifiedAt: 'plain',
  checkedAt: 'plain',
  missingSince: 'plain',
  createdAt: 'plain',
})
const columns = domainColumns.select()
const table = 'organisation_domain'
const isIt = 'organisation_id = :organisationId AND domain = :domain'

const insertDomain = sql('insertOrganisationDomain', `INSERT INTO ${table} ${domainColumns.insert}`)
const findDomain = sql('findOrganisationDomain', `SELECT ${columns} FROM ${table} WHERE ${isIt}`)
const listDomains = sql(
  'listOrganisationDomains',
  `SELECT ${columns} FROM ${table} WHERE organisation_id = :organisationId ORDER BY domain`,
)
const findVerified = sql(
  'findVerifiedDomain',
  `SELECT ${columns} FROM ${table} WHERE domain = :domain AND verified_at IS NOT NULL`,
)
const listDue = sql(
  'listDueDomains',
  `SELECT ${columns} FROM ${table} WHERE verified_at IS NOT NULL AND checked_at < :before ORDER BY checked_at LIMIT :limit`,
)
const verifyDomain = sql(
  'verifyOrganisationDomain',
  `UPDATE ${table} SET verified_at = COALESCE(verified_at, :now), checked_at = :now, missing_since = NULL WHERE ${isIt}`,
)
const missDomain = sql(
  'missOrganisationDomain',
  `UPDATE ${table} SET verified_at = CASE WHEN :isKept = 1 THEN verified_at END, checked_at = :now, missing_since = :missingSince WHERE ${isIt}`,
)
const removeDomain = sql('removeOrganisationDomain', `DELETE FROM ${table} WHERE ${isIt}`)

export function organisationDomainStore(db: Queryable): OrganisationDomainStore {
  return {
    async insert(domain) {
      await db.change(insertDomain, domainColumns.toRow(domain))
    },
    find: (key) => db.row<OrganisationDomain>(findDomain, key),
    list: (organisationId) => db.rows<OrganisationDomain>(listDomains, { organisationId }),
    findVerified: (domain) => db.row<OrganisationDomain>(findVerified, { domain }),
    listDue: (due) => db.rows<OrganisationDomain>(listDue, due),
    verify: async (found) => (await db.change(verifyDomain, found)) === 1,
    miss: async ({ isKept, ...missed }) =>
      (await db.change(missDomain, { ...missed, isKept: Number(isKept) })) === 1,
    remove: async (key) => (await db.change(removeDomain, key)) === 1,
  }
}
