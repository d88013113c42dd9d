import type { SamlApplicationId, SessionId } from '../../domain/id.ts'
import type { Queryable } from '../database.ts'
import { sql } from '../statement.ts'

/** That a session signed in to an application, and by which name. */
export interface SamlParticipant {
  sessionId: SessionId
  applicationId: SamlApplicationId
  nameId: string
}

export interface SamlParticipantStore {
  /** In place of an earlier name. */
  put(participant: SamlParticipant): Promise<void>
  list(sessionId: SessionId): Promise<SamlParticipant[]>
}

const put = sql(
  'putSamlParticipant',
  `INSERT INTO saml_participant (session_id, application_id, name_id) VALUES (:sessionId, :applicationId, :nameId)
   ON CONFLICT (session_id, application_id) DO UPDATE SET name_id = :nameId`,
)
const list = sql(
  'listSamlParticipants',
  `SELECT session_id AS "sessionId", application_id AS "applicationId", name_id AS "nameId"
     FROM saml_participant WHERE session_id = :sessionId ORDER BY application_id`,
)

export function samlParticipantStore(db: Queryable): SamlParticipantStore {
  return {
    async put(participant) {
      await db.change(put, { ...participant })
    },
    list: (sessionId) => db.rows<SamlParticipant>(list, { sessionId }),
  }
}
