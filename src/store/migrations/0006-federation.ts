import type { Migration } from '../migrate.ts'

/** Upstream identity providers, and one link at a time for a browser. */
export const federation: Migration = {
  id: 6,
  name: 'federation',
  script: `
CREATE TABLE connection (
  id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  kind TEXT NOT NULL,
  preset TEXT NOT NULL,
  names TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret_sealed TEXT,
  secret_expires_at BIGINT,
  settings TEXT NOT NULL,
  state TEXT NOT NULL,
  position BIGINT NOT NULL,
  email_trust TEXT NOT NULL,
  assurance TEXT NOT NULL,
  new_accounts TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX connection_by_slug ON connection (slug);
CREATE INDEX connection_by_position ON connection (state, position, slug);
CREATE UNIQUE INDEX ticket_open_link ON ticket (purpose, subject) WHERE spent_at IS NULL AND purpose = 'link';
`,
}
