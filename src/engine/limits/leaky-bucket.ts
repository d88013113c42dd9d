import { createHmac } from 'node:crypto'
import type { MasterKey } from '../../crypto/master-key.ts'
import { Problem } from '../../domain/problem.ts'
import type { Some } from '../../store/store.ts'

/** Leaky bucket: a burst, then one per interval. */
export interface Bucket {
  burst: number
  leakMilliseconds: number
}

/** What is left, for the RateLimit header fields (draft-ietf-httpapi-ratelimit-headers). */
export interface Quota {
  policy: string
  limit: number
  remaining: number
  resetSeconds: number
}

/** Names and addresses are stored as MACs: the table does not list who tried to sign in. */
export function createThrottleKeys(masterKey: MasterKey): (kind: string, ...parts: string[]) => string {
  const secret = masterKey.for('throttle')
  return (kind, ...parts) =>
    `${kind}:${createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64url')}`
}

export function tooManyAttempts(milliseconds: number, limit = 0): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1000))
  const quota: Quota = { policy: 'sign-in', limit, remaining: 0, resetSeconds: retryAfterSeconds }
  return new Problem('too_many_attempts', {
    retryAfterSeconds,
    detail: `Too many attempts; try again in ${retryAfterSeconds} s`,
    extensions: { quota },
  })
}

/** Milliseconds until there is room for one more. */
export async function waitOf(
  { throttles }: Some<'throttles'>,
  key: string,
  { now, burst, leakMilliseconds }: Bucket & { now: number },
): Promise<number> {
  const bucket = await throttles.find(key)
  return bucket ? bucket.freeAt - now - (burst - 1) * leakMilliseconds : leakMilliseconds
}
