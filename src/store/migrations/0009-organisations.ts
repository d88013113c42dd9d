import type { Migration } from '../migrate.ts'

/** Organisations, their domains and members; sessions, grants and connections that belong to one. */
export const organisations: Migration = {
  id: 9,
  name: 'organisations',
  script: `
CREATE TABLE organisation (
  id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  policy TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX organisation_by_slug ON organisation (slug);
CREATE TABLE organisation_domain (
  organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  domain TEXT NOT NULL,
  token TEXT NOT NULL,
  verified_at BIGINT,
  checked_at BIGINT,
  missing_since BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, domain)
);
CREATE UNIQUE INDEX organisation_domain_verified ON organisation_domain (domain) WHERE verified_at IS NOT NULL;
CREATE INDEX organisation_domain_by_check ON organisation_domain (checked_at) WHERE verified_at IS NOT NULL;
CREATE TABLE membership (
  organisation_id TEXT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  account_id TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  roles TEXT NOT NULL,
  is_admin BIGINT NOT NULL,
  source TEXT NOT NULL,
  break_glass BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, account_id)
);
CREATE INDEX membership_by_account ON membership (account_id, organisation_id);
CREATE INDEX membership_by_admin ON membership (organisation_id) WHERE is_admin = 1;
ALTER TABLE session ADD COLUMN organisation_id TEXT;
ALTER TABLE session ADD COLUMN organisation_roles TEXT;
CREATE INDEX session_by_organisation ON session (organisation_id) WHERE organisation_id IS NOT NULL;
ALTER TABLE client_grant ADD COLUMN organisation_id TEXT;
CREATE INDEX client_grant_by_organisation ON client_grant (organisation_id) WHERE organisation_id IS NOT NULL;
ALTER TABLE connection ADD COLUMN organisation_id TEXT REFERENCES organisation (id) ON DELETE CASCADE;
CREATE INDEX connection_by_organisation ON connection (organisation_id) WHERE organisation_id IS NOT NULL;
`,
}
