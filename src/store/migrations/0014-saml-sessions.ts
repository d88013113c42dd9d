import type { Migration } from '../migrate.ts'

/** Single logout, encryption and organisations of applications by SAML. */
export const samlSessions: Migration = {
  id: 14,
  name: 'saml-sessions',
  script: `
ALTER TABLE saml_application ADD COLUMN logout_response_url TEXT;
ALTER TABLE saml_application ADD COLUMN encryption_certificate TEXT;
ALTER TABLE saml_application ADD COLUMN encrypts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE saml_application ADD COLUMN organisation_id TEXT;

CREATE TABLE saml_participant (
  session_id TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  application_id TEXT NOT NULL REFERENCES saml_application (id) ON DELETE CASCADE,
  name_id TEXT NOT NULL,
  PRIMARY KEY (session_id, application_id)
);
CREATE INDEX saml_participant_by_application ON saml_participant (application_id);
`,
}
