import type { Migration } from '../migrate.ts'

/** SCIM: users and groups as an organisation's directory sends them, and its tokens. */
export const provisioning: Migration = {
  id: 13,
  name: 'provisioning',
  script: `
CREATE TABLE scim_token (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX scim_token_by_secret ON scim_token (secret_hash);
CREATE INDEX scim_token_by_organisation ON scim_token (organisation_id, id);

CREATE TABLE scim_user (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  user_name TEXT NOT NULL,
  external_id TEXT,
  email TEXT,
  active BIGINT NOT NULL,
  owns_account BIGINT NOT NULL,
  attributes TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX scim_user_by_name ON scim_user (organisation_id, user_name);
CREATE UNIQUE INDEX scim_user_by_account ON scim_user (account_id, organisation_id);
CREATE INDEX scim_user_by_organisation ON scim_user (organisation_id, id);
CREATE INDEX scim_user_by_external_id ON scim_user (organisation_id, external_id);
CREATE INDEX scim_user_by_email ON scim_user (organisation_id, email);

CREATE TABLE scim_group (
  id TEXT NOT NULL PRIMARY KEY,
  organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  display_name TEXT NOT NULL,
  external_id TEXT,
  attributes TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX scim_group_by_name ON scim_group (organisation_id, display_name);
CREATE INDEX scim_group_by_organisation ON scim_group (organisation_id, id);
CREATE INDEX scim_group_by_external_id ON scim_group (organisation_id, external_id);

CREATE TABLE scim_group_member (
  group_id TEXT NOT NULL REFERENCES scim_group (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES scim_user (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX scim_group_member_by_user ON scim_group_member (user_id);
`,
}
