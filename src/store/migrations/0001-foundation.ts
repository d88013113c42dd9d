import type { Migration } from '../migrate.ts'

/** Times are milliseconds since the epoch; JSON is text, read and written whole. */
export const foundation: Migration = {
  id: 1,
  name: 'foundation',
  script: `
CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  role TEXT NOT NULL,
  name TEXT,
  locale TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX account_by_role ON account (role, id);

CREATE TABLE identifier (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  display TEXT NOT NULL,
  skeleton TEXT,
  verified_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (kind, value)
);
CREATE UNIQUE INDEX identifier_by_skeleton ON identifier (kind, skeleton) WHERE skeleton IS NOT NULL;
CREATE UNIQUE INDEX identifier_by_account ON identifier (account_id, kind);

CREATE TABLE credential (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  lookup TEXT,
  name TEXT,
  data TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX credential_by_lookup ON credential (kind, lookup) WHERE lookup IS NOT NULL;
CREATE INDEX credential_by_account ON credential (account_id, kind);

CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  acr TEXT NOT NULL,
  amr TEXT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  counter BIGINT NOT NULL,
  refreshed_at BIGINT NOT NULL,
  user_agent TEXT,
  source TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  ending TEXT
);
CREATE INDEX session_by_account ON session (account_id, id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE revocation (
  session_id TEXT NOT NULL PRIMARY KEY,
  revoked_at BIGINT NOT NULL,
  forget_at BIGINT NOT NULL
);
CREATE INDEX revocation_by_time ON revocation (revoked_at);
CREATE INDEX revocation_by_end ON revocation (forget_at);

CREATE TABLE attempt (
  id TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  account_id TEXT REFERENCES account (id) ON DELETE CASCADE,
  requested_acr TEXT,
  evidence TEXT NOT NULL,
  decision TEXT,
  source TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX attempt_by_account ON attempt (account_id, id);
CREATE INDEX attempt_by_time ON attempt (created_at);

CREATE TABLE ticket (
  id TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  subject TEXT,
  secret_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  spent_at BIGINT
);
CREATE UNIQUE INDEX ticket_by_secret ON ticket (secret_hash);
CREATE INDEX ticket_by_expiry ON ticket (expires_at);
CREATE INDEX ticket_by_subject ON ticket (purpose, subject);

CREATE TABLE signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  algorithm TEXT NOT NULL,
  state TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  private_sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  current_since BIGINT,
  previous_since BIGINT
);
CREATE UNIQUE INDEX signing_key_in_turn ON signing_key (state) WHERE state IN ('current', 'next');

CREATE TABLE event (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject TEXT,
  outcome TEXT NOT NULL,
  details TEXT,
  details_salt TEXT NOT NULL,
  details_hash TEXT NOT NULL,
  seq BIGINT,
  chain TEXT
);
CREATE UNIQUE INDEX event_by_seq ON event (seq) WHERE seq IS NOT NULL;
CREATE INDEX event_unsealed ON event (id) WHERE seq IS NULL;
CREATE INDEX event_by_subject ON event (subject, id);

CREATE TABLE audit_head (
  name TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  chain TEXT NOT NULL
);

CREATE TABLE throttle (
  key TEXT NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  in_flight BIGINT NOT NULL,
  free_at BIGINT NOT NULL,
  proved_at BIGINT,
  updated_at BIGINT NOT NULL
);
CREATE INDEX throttle_by_time ON throttle (updated_at);

CREATE TABLE fact (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
`,
}
