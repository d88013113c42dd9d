import type { Quota } from '../../engine/limits/leaky-bucket.ts'

/**
 * RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers): what is left before delays begin.
 */
export const rateLimitHeaders = ({
  policy,
  limit,
  remaining,
  resetSeconds,
}: Quota): Record<string, string> => ({
  'ratelimit-policy': `"${policy}";q=${limit};w=${resetSeconds}`,
  ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
})
