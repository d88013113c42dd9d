import type { Migration } from '../migrate.ts'

/** The time zone of an account's mails. */
export const zones: Migration = {
  id: 8,
  name: 'zones',
  script: `
ALTER TABLE account ADD COLUMN zone TEXT;
`,
}
