import type { Migration } from '../migrate.ts'

/** What lists of many rows are walked along. */
export const many: Migration = {
  id: 5,
  name: 'many',
  script: `
DROP INDEX revocation_by_time;
CREATE INDEX revocation_by_time ON revocation (revoked_at, subject);
CREATE INDEX account_by_role_and_state ON account (role, state, id);
DROP INDEX session_by_expiry;
CREATE INDEX session_by_expiry ON session (expires_at, id);
DROP INDEX event_by_subject;
CREATE INDEX event_by_subject ON event (subject, id, kind); -- the kind is looked at in the index
`,
}
