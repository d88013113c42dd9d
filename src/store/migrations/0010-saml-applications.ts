import type { Migration } from '../migrate.ts'

/** Applications that sign their users in by SAML. */
export const samlApplications: Migration = {
  id: 10,
  name: 'saml-applications',
  script: `
CREATE TABLE saml_application (
  id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  acs_urls TEXT NOT NULL,
  logout_url TEXT,
  certificates TEXT NOT NULL,
  name_id_format TEXT NOT NULL,
  attributes TEXT NOT NULL,
  acr TEXT,
  unsolicited BIGINT NOT NULL,
  signed_requests BIGINT NOT NULL,
  secret_sealed TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saml_application_by_slug ON saml_application (slug);
`,
}
