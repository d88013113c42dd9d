import type { Migration } from '../migrate.ts'

/**
 * What an owner can suspend and take back, whom a ticket is about, when a session was last used, grants that
 * outlive a browser's session, logout tokens that outlive their account, a code on every audit line from the
 * moment it is written, and usernames with a capital sharp s.
 */
export const rescue: Migration = {
  id: 4,
  name: 'rescue',
  script: `
ALTER TABLE credential ADD COLUMN suspended_at BIGINT;
ALTER TABLE identifier ADD COLUMN suspended_at BIGINT;
ALTER TABLE session ADD COLUMN used_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX account_by_state ON account (state, id);
CREATE INDEX account_by_name ON account (name) WHERE name IS NOT NULL;
CREATE INDEX event_by_kind ON event (kind, id);
CREATE INDEX session_by_device ON session (account_id, device);
CREATE INDEX session_by_source ON session (account_id, source);
ALTER TABLE ticket ADD COLUMN account_id TEXT;
CREATE INDEX ticket_open_by_account ON ticket (account_id) WHERE account_id IS NOT NULL AND spent_at IS NULL;
ALTER TABLE client_grant ADD COLUMN offline BIGINT NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN mac TEXT;

CREATE TABLE logout_notice (
  grant_id TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL,
  tries BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX logout_notice_by_time ON logout_notice (next_at);
INSERT INTO logout_notice (grant_id, client_id, account_id, tries, next_at, created_at)
  SELECT id, client_id, account_id, logout_tries, logout_next_at, created_at FROM client_grant WHERE logout_next_at IS NOT NULL;
DROP INDEX client_grant_by_logout;

-- A capital sharp s was folded to a small one, and is now folded to ss, as the small one always was.
UPDATE identifier SET value = REPLACE(value, 'ß', 'ss') WHERE kind = 'username' AND value LIKE '%ß%'
  AND NOT EXISTS (SELECT 1 FROM identifier AS other WHERE other.kind = 'username' AND other.value = REPLACE(identifier.value, 'ß', 'ss'));
`,
}
