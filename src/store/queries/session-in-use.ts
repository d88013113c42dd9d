/**
 * The one rule for a live session in SQL: not ended, not expired, not idle. `isLive` of the domain is the
 * same rule for a row in memory.
 */
export const sessionInUse = `session.ended_at IS NULL AND session.expires_at > :now
      AND (session.refreshed_at > :idleSince OR session.used_at > :idleSince)`
