import type { Migration } from '../migrate.ts'

/** Mail domains that a connection owns. */
export const ownedDomains: Migration = {
  id: 7,
  name: 'owned-domains',
  script: `
ALTER TABLE connection ADD COLUMN domains TEXT NOT NULL DEFAULT '[]';
`,
}
