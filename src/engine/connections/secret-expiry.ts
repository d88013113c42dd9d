import { daysToMilliseconds, toDay } from '../../domain/clock.ts'
import type { Connection } from '../../domain/connection.ts'

/** Time enough to renew one. */
const marginDays = 30

/** In words, where the secret or key of a connection has expired, or will within a month. */
export function secretExpiry(
  { slug, secretExpiresAt }: Pick<Connection, 'slug' | 'secretExpiresAt'>,
  now: number,
): { verdict: 'warning' | 'fault'; detail: string; fix: string } | undefined {
  if (secretExpiresAt === null || secretExpiresAt >= now + daysToMilliseconds(marginDays)) return undefined
  const isOver = secretExpiresAt <= now
  return {
    verdict: isOver ? 'fault' : 'warning',
    detail: `the secret ${isOver ? 'expired' : 'expires'} on ${toDay(secretExpiresAt)}`,
    fix: `make a new one, then \`sumun connection update ${slug} --secret-stdin --secret-expires DAY\``,
  }
}
