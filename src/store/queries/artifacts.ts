import type { Artifact } from '../../domain/grant.ts'
import { columnsOf } from '../columns.ts'
import type { Queryable } from '../database.ts'
import { deleteBatch, purgeBy } from '../purge.ts'
import { inTime, sql } from '../statement.ts'

export interface ArtifactStore {
  /** Inserts, or replaces. */
  put(artifact: Artifact): Promise<void>
  /** False if there is one of that id already. */
  insert(artifact: Artifact): Promise<boolean>
  find(artifact: { kind: string; idHash: string }): Promise<Artifact | undefined>
  findByUid(artifact: { kind: string; uid: string }): Promise<Artifact | undefined>
  findByUserCode(artifact: { kind: string; userCodeHash: string }): Promise<Artifact | undefined>
  /** Compare-and-swap: false if it was consumed before. */
  consume(artifact: { kind: string; idHash: string; now: number }): Promise<boolean>
  remove(artifact: { kind: string; idHash: string }): Promise<boolean>
  removeByGrant(artifact: { kind: string; grantId: string }): Promise<number>
  purge(now: number): Promise<number>
}

const artifactColumns = columnsOf<Artifact>({
  kind: 'plain',
  idHash: 'plain',
  payloadSealed: 'plain',
  grantId: 'plain',
  uid: 'plain',
  userCodeHash: 'plain',
  createdAt: 'plain',
  expiresAt: 'plain',
  consumedAt: 'plain',
})
const columns = artifactColumns.select()
const insertion = `INSERT INTO client_artifact ${artifactColumns.insert}`

const insertArtifact = sql('insertArtifact', `${insertion} ON CONFLICT DO NOTHING`)
const putArtifact = sql(
  'putArtifact',
  `${insertion} ON CONFLICT (kind, id_hash) DO UPDATE SET payload_sealed = excluded.payload_sealed, grant_id = excluded.grant_id,
     uid = excluded.uid, expires_at = excluded.expires_at`,
)
const findArtifact = sql(
  'findArtifact',
  `SELECT ${columns} FROM client_artifact WHERE kind = :kind AND id_hash = :idHash`,
)
const findArtifactByUid = sql(
  'findArtifactByUid',
  `SELECT ${columns} FROM client_artifact WHERE kind = :kind AND uid = :uid`,
)
const findArtifactByUserCode = sql(
  'findArtifactByUserCode',
  `SELECT ${columns} FROM client_artifact WHERE kind = :kind AND user_code_hash = :userCodeHash`,
)
const consumeArtifact = sql(
  'consumeArtifact',
  `UPDATE client_artifact SET consumed_at = :now WHERE kind = :kind AND id_hash = :idHash AND consumed_at IS NULL ${inTime}`,
)
const removeArtifact = sql(
  'removeArtifact',
  `DELETE FROM client_artifact WHERE kind = :kind AND id_hash = :idHash ${inTime}`,
)
const removeArtifactsByGrant = sql(
  'removeArtifactsByGrant',
  'DELETE FROM client_artifact WHERE kind = :kind AND grant_id = :grantId',
)
const purgeArtifacts = deleteBatch('purgeArtifacts', {
  table: 'client_artifact',
  key: 'kind, id_hash',
  where: 'expires_at < :now',
})

export function artifactStore(db: Queryable): ArtifactStore {
  return {
    async put(artifact) {
      await db.change(putArtifact, artifactColumns.toRow(artifact))
    },
    insert: async (artifact) => (await db.change(insertArtifact, artifactColumns.toRow(artifact))) === 1,
    find: (artifact) => db.row<Artifact>(findArtifact, artifact),
    findByUid: (artifact) => db.row<Artifact>(findArtifactByUid, artifact),
    findByUserCode: (artifact) => db.row<Artifact>(findArtifactByUserCode, artifact),
    consume: async (artifact) => (await db.change(consumeArtifact, artifact)) === 1,
    remove: async (artifact) => (await db.change(removeArtifact, artifact)) === 1,
    removeByGrant: (artifact) => db.change(removeArtifactsByGrant, artifact),
    purge: (now) => purgeBy(db, purgeArtifacts, { now }),
  }
}
