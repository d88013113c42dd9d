import type { Migration } from '../migrate.ts'

/** How far the import of a file has come, so that it continues there. */
export const imports: Migration = {
  id: 12,
  name: 'imports',
  script: `
CREATE TABLE import_job (
  id TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  file TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL,
  position BIGINT NOT NULL,
  counts TEXT NOT NULL,
  actor TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX import_job_running ON import_job (fingerprint) WHERE state = 'running';
`,
}
