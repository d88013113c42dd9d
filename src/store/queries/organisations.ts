import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { OrganisationDemand } from '../../domain/policy-input.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface OrganisationStore {
  /** Throws UniqueViolation if its slug is taken. */
  insert(organisation: Organisation): Promise<void>
  find(id: OrganisationId): Promise<Organisation | undefined>
  findBySlug(slug: string): Promise<Organisation | undefined>
  list(page: Page<OrganisationId>): Promise<Organisation[]>
  /** False if `revision` is no longer the current one. */
  update(organisation: Organisation): Promise<boolean>
  /** What the active ones ask of an account: the one that is named, and the one that has the domain. */
  listDemands(of: {
    accountId: AccountId
    organisationId: OrganisationId | null
    domain: string | null
  }): Promise<OrganisationDemand[]>
  /** Locks it until the transaction ends. False if it no longer exists. */
  lockForUpdate(id: OrganisationId): Promise<boolean>
  /** Takes its domains, memberships and connections with it. */
  remove(id: OrganisationId): Promise<boolean>
}

export const organisationColumns = columnsOf<Organisation>({
  id: 'plain',
  slug: 'plain',
  name: 'plain',
  state: 'plain',
  policy: 'json',
  brand: 'json',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = organisationColumns.select()

const insertOrganisation = sql('insertOrganisation', `INSERT INTO organisation ${organisationColumns.insert}`)
const findOrganisation = sql('findOrganisation', `SELECT ${columns} FROM organisation WHERE id = :id`)
const findBySlug = sql('findOrganisationBySlug', `SELECT ${columns} FROM organisation WHERE slug = :slug`)
const listOrganisations = sql(
  'listOrganisations',
  `SELECT ${columns} FROM organisation WHERE id > :after ORDER BY id LIMIT :limit`,
)
const updateOrganisation = sql(
  'updateOrganisation',
  `UPDATE organisation SET slug = :slug, name = :name, state = :state, policy = :policy, brand = :brand,
     revision = revision + 1, updated_at = :updatedAt
    WHERE id = :id AND revision = :revision`,
)
const listDemands = sql(
  'listOrganisationDemands',
  `SELECT o.slug, o.policy, COALESCE(m.break_glass, 0) AS "breakGlass" FROM organisation o
     LEFT JOIN membership m ON m.organisation_id = o.id AND m.account_id = :accountId
    WHERE o.state = 'active' AND o.id IN (:organisationId,
      (SELECT organisation_id FROM organisation_domain WHERE domain = :domain AND verified_at IS NOT NULL))
    ORDER BY o.slug`,
)
const holdOrganisation = sql('holdOrganisation', 'UPDATE organisation SET revision = revision WHERE id = :id')
const removeOrganisation = sql('removeOrganisation', 'DELETE FROM organisation WHERE id = :id')

export function organisationStore(db: Queryable): OrganisationStore {
  const { toRow, fromRow, fromRowIfAny } = organisationColumns
  return {
    async insert(organisation) {
      await db.change(insertOrganisation, toRow(organisation))
    },
    find: async (id) => fromRowIfAny(await db.row(findOrganisation, { id })),
    findBySlug: async (slug) => fromRowIfAny(await db.row(findBySlug, { slug })),
    list: async ({ after, limit }) =>
      (await db.rows<SqlValues>(listOrganisations, { after: after ?? '', limit })).map(fromRow),
    async update(organisation) {
      const { createdAt, ...change } = toRow(organisation)
      return (await db.change(updateOrganisation, change)) === 1
    },
    async listDemands({ accountId, organisationId, domain }) {
      const of = { accountId, organisationId: organisationId ?? '', domain: domain ?? '' }
      return (await db.rows<{ slug: string; policy: string; breakGlass: number }>(listDemands, of)).map(
        ({ slug, policy, breakGlass }) => ({
          ...{ slug, policy: JSON.parse(policy), breakGlass: breakGlass === 1 },
        }),
      )
    },
    lockForUpdate: async (id) => (await db.change(holdOrganisation, { id })) === 1,
    remove: async (id) => (await db.change(removeOrganisation, { id })) === 1,
  }
}
