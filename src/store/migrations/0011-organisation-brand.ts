import type { Migration } from '../migrate.ts'

/** The brand of pages for an organisation's people. */
export const organisationBrand: Migration = {
  id: 11,
  name: 'organisation-brand',
  script: `
ALTER TABLE organisation ADD COLUMN brand TEXT;
`,
}
