import type { Migration } from '../migrate.ts'

/**
 * Clients of the OpenID provider, what they were granted and hold, and where a token's status is looked up.
 */
export const openidProvider: Migration = {
  id: 3,
  name: 'openid-provider',
  script: `
ALTER TABLE session ADD COLUMN status TEXT;
ALTER TABLE revocation RENAME COLUMN session_id TO subject;
ALTER TABLE revocation ADD COLUMN status TEXT;

DROP INDEX signing_key_in_turn;
CREATE UNIQUE INDEX signing_key_in_turn ON signing_key (algorithm, state) WHERE state IN ('current', 'next');

CREATE TABLE client (
  id TEXT NOT NULL PRIMARY KEY,
  metadata TEXT NOT NULL,
  settings TEXT NOT NULL,
  secrets TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

CREATE TABLE client_grant (
  id TEXT NOT NULL PRIMARY KEY,
  session_id TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  logout_tries BIGINT NOT NULL DEFAULT 0,
  logout_next_at BIGINT
);
CREATE INDEX client_grant_by_session ON client_grant (session_id);
CREATE INDEX client_grant_by_account ON client_grant (account_id, client_id);
CREATE INDEX client_grant_by_client ON client_grant (client_id);
CREATE INDEX client_grant_by_expiry ON client_grant (expires_at);
CREATE INDEX client_grant_by_logout ON client_grant (logout_next_at) WHERE logout_next_at IS NOT NULL;

CREATE TABLE client_artifact (
  kind TEXT NOT NULL,
  id_hash TEXT NOT NULL,
  payload_sealed TEXT NOT NULL,
  grant_id TEXT,
  uid TEXT,
  user_code_hash TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  consumed_at BIGINT,
  PRIMARY KEY (kind, id_hash)
);
CREATE INDEX client_artifact_by_grant ON client_artifact (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX client_artifact_by_uid ON client_artifact (kind, uid) WHERE uid IS NOT NULL;
CREATE UNIQUE INDEX client_artifact_by_user_code ON client_artifact (kind, user_code_hash) WHERE user_code_hash IS NOT NULL;
CREATE INDEX client_artifact_by_expiry ON client_artifact (expires_at);

CREATE TABLE consent (
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  granted TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, client_id)
);

CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value BIGINT NOT NULL
);
`,
}
