import type { Migration } from '../migrate.ts'

/** Attempts that go on over several calls, challenges with a state, messages waiting to go out. */
export const manyWaysIn: Migration = {
  id: 2,
  name: 'many-ways-in',
  script: `
ALTER TABLE account ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';

ALTER TABLE credential ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN disabled_at BIGINT;

ALTER TABLE session ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';
ALTER TABLE session ADD COLUMN origin TEXT NOT NULL DEFAULT 'sign-in';
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';

ALTER TABLE attempt ADD COLUMN hint TEXT;
ALTER TABLE attempt ADD COLUMN binding_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN holder TEXT NOT NULL DEFAULT 'cookie';
ALTER TABLE attempt ADD COLUMN session_id TEXT;
ALTER TABLE attempt ADD COLUMN request TEXT NOT NULL DEFAULT '{}';
ALTER TABLE attempt ADD COLUMN facts TEXT;

ALTER TABLE ticket ADD COLUMN state TEXT;
ALTER TABLE ticket ADD COLUMN tries_left BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX ticket_open_challenge ON ticket (purpose, subject)
  WHERE spent_at IS NULL AND purpose IN ('challenge', 'enrolment', 'identifier-change');

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  message_sealed TEXT,
  tries BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  settled_at BIGINT
);
CREATE INDEX outbox_waiting ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_by_time ON outbox (created_at);
`,
}
