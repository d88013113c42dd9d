/**
 * The one rule for whether a session has neither ended nor run out nor lain unused; `isLive` of the domain
 * says the same of a row that was read.
 */
export const sessionInUse = `session.ended_at IS NULL AND session.expires_at > :now
      AND (session.refreshed_at > :idleSince OR session.used_at > :idleSince)`
