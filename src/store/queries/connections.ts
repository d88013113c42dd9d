import type { Connection, ConnectionUse } from '../../domain/connection.ts'
import type { ConnectionId, OrganisationId } from '../../domain/id.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface ConnectionStore {
  /** Throws UniqueViolation if its slug is taken. */
  insert(connection: Connection): Promise<void>
  find(id: ConnectionId): Promise<Connection | undefined>
  findBySlug(slug: string): Promise<Connection | undefined>
  list(page: Page<ConnectionId>): Promise<Connection[]>
  /** In the order in which they are offered. */
  listOffered(offered: { use: ConnectionUse; limit: number }): Promise<Connection[]>
  listOfOrganisation(id: OrganisationId, page: Page<ConnectionId>): Promise<Connection[]>
  /** Enabled ones of the active organisation that has verified the domain, in the order of their offer. */
  listForDomain(domain: string): Promise<Connection[]>
  /** False if `revision` is no longer the current one. */
  update(connection: Connection): Promise<boolean>
  remove(id: ConnectionId): Promise<boolean>
}

const connectionColumns = columnsOf<Connection>({
  id: 'plain',
  slug: 'plain',
  kind: 'plain',
  preset: 'plain',
  names: 'json',
  clientId: 'plain',
  secretSealed: 'plain',
  secretExpiresAt: 'plain',
  settings: 'json',
  state: 'plain',
  position: 'plain',
  emailTrust: 'plain',
  assurance: 'plain',
  newAccounts: 'plain',
  domains: 'json',
  organisationId: 'plain',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = connectionColumns.select()

const insertConnection = sql('insertConnection', `INSERT INTO connection ${connectionColumns.insert}`)
const findConnection = sql('findConnection', `SELECT ${columns} FROM connection WHERE id = :id`)
const findBySlug = sql('findConnectionBySlug', `SELECT ${columns} FROM connection WHERE slug = :slug`)
const listConnections = sql(
  'listConnections',
  `SELECT ${columns} FROM connection WHERE id > :after ORDER BY id LIMIT :limit`,
)
const listOffered = (name: string, states: string) =>
  sql(
    name,
    `SELECT ${columns} FROM connection WHERE state IN (${states}) AND organisation_id IS NULL ORDER BY position, slug LIMIT :limit`,
  )
const listEnabled = listOffered('listEnabledConnections', `'enabled'`)
const listLinkable = listOffered('listLinkableConnections', `'enabled', 'link-only'`)
const listOfOrganisation = sql(
  'listConnectionsOfOrganisation',
  `SELECT ${columns} FROM connection WHERE organisation_id = :organisationId AND id > :after ORDER BY id LIMIT :limit`,
)
const listForDomain = sql(
  'listConnectionsForDomain',
  `SELECT ${connectionColumns.select('c')} FROM organisation_domain d
     JOIN organisation o ON o.id = d.organisation_id AND o.state = 'active'
     JOIN connection c ON c.organisation_id = o.id AND c.state = 'enabled'
    WHERE d.domain = :domain AND d.verified_at IS NOT NULL ORDER BY c.position, c.slug LIMIT 8`,
)
const updateConnection = sql(
  'updateConnection',
  `UPDATE connection SET names = :names, client_id = :clientId, secret_sealed = :secretSealed,
     secret_expires_at = :secretExpiresAt, settings = :settings,
     state = :state, position = :position, email_trust = :emailTrust, assurance = :assurance,
     new_accounts = :newAccounts, domains = :domains, revision = revision + 1, updated_at = :updatedAt
    WHERE id = :id AND revision = :revision`,
)
const removeConnection = sql('removeConnection', 'DELETE FROM connection WHERE id = :id')

export function connectionStore(db: Queryable): ConnectionStore {
  const { toRow, fromRow, fromRowIfAny } = connectionColumns
  return {
    async insert(connection) {
      await db.change(insertConnection, toRow(connection))
    },
    find: async (id) => fromRowIfAny(await db.row(findConnection, { id })),
    findBySlug: async (slug) => fromRowIfAny(await db.row(findBySlug, { slug })),
    list: async ({ after, limit }) =>
      (await db.rows<SqlValues>(listConnections, { after: after ?? '', limit })).map(fromRow),
    listOffered: async ({ use, limit }) =>
      (await db.rows<SqlValues>(use === 'sign-in' ? listEnabled : listLinkable, { limit })).map(fromRow),
    listOfOrganisation: async (organisationId, { after, limit }) =>
      (await db.rows<SqlValues>(listOfOrganisation, { organisationId, after: after ?? '', limit })).map(
        fromRow,
      ),
    listForDomain: async (domain) => (await db.rows<SqlValues>(listForDomain, { domain })).map(fromRow),
    async update(connection) {
      const { slug, kind, preset, createdAt, organisationId, ...change } = toRow(connection)
      return (await db.change(updateConnection, change)) === 1
    },
    remove: async (id) => (await db.change(removeConnection, { id })) === 1,
  }
}
