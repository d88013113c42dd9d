import type { SamlApplicationId } from '../../domain/id.ts'
import type { SamlApplication } from '../../domain/saml-application.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import type { Page } from '../page.ts'
import type { SqlValues } from '../statement.ts'
import { sql } from '../statement.ts'

export interface SamlApplicationStore {
  /** Throws UniqueViolation if its slug is taken. */
  insert(application: SamlApplication): Promise<void>
  find(id: SamlApplicationId): Promise<SamlApplication | undefined>
  findBySlug(slug: string): Promise<SamlApplication | undefined>
  list(page: Page<SamlApplicationId>): Promise<SamlApplication[]>
  /** False if `revision` is no longer the current one. */
  update(application: SamlApplication): Promise<boolean>
  remove(id: SamlApplicationId): Promise<boolean>
}

const application = columnsOf<SamlApplication>({
  id: 'plain',
  slug: 'plain',
  name: 'plain',
  entityId: 'plain',
  acsUrls: 'json',
  logoutUrl: 'plain',
  logoutResponseUrl: 'plain',
  certificates: 'json',
  encryptionCertificate: 'plain',
  nameIdFormat: 'plain',
  attributes: 'json',
  acr: 'plain',
  unsolicited: 'flag',
  signedRequests: 'flag',
  encrypts: 'flag',
  organisationId: 'plain',
  secretSealed: 'plain',
  revision: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
})
const columns = application.select()

const insertOne = sql('insertSamlApplication', `INSERT INTO saml_application ${application.insert}`)
const findOne = sql('findSamlApplication', `SELECT ${columns} FROM saml_application WHERE id = :id`)
const findBySlug = sql(
  'findSamlApplicationBySlug',
  `SELECT ${columns} FROM saml_application WHERE slug = :slug`,
)
const list = sql(
  'listSamlApplications',
  `SELECT ${columns} FROM saml_application WHERE id > :after ORDER BY id LIMIT :limit`,
)
const update = sql(
  'updateSamlApplication',
  `UPDATE saml_application SET name = :name, entity_id = :entityId, acs_urls = :acsUrls, logout_url = :logoutUrl,
     logout_response_url = :logoutResponseUrl, certificates = :certificates, encryption_certificate = :encryptionCertificate,
     encrypts = :encrypts, organisation_id = :organisationId, name_id_format = :nameIdFormat, attributes = :attributes, acr = :acr,
     unsolicited = :unsolicited, signed_requests = :signedRequests, secret_sealed = :secretSealed, revision = revision + 1, updated_at = :updatedAt
    WHERE id = :id AND revision = :revision`,
)
const remove = sql('removeSamlApplication', 'DELETE FROM saml_application WHERE id = :id')

export function samlApplicationStore(db: Queryable): SamlApplicationStore {
  const { toRow, fromRow, fromRowIfAny } = application
  return {
    async insert(one) {
      await db.change(insertOne, toRow(one))
    },
    find: async (id) => fromRowIfAny(await db.row(findOne, { id })),
    findBySlug: async (slug) => fromRowIfAny(await db.row(findBySlug, { slug })),
    list: async ({ after, limit }) =>
      (await db.rows<SqlValues>(list, { after: after ?? '', limit })).map(fromRow),
    async update(one) {
      const { slug, createdAt, ...change } = toRow(one)
      return (await db.change(update, change)) === 1
    },
    remove: async (id) => (await db.change(remove, { id })) === 1,
  }
}
