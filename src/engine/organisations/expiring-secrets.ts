import { daysToMilliseconds, toDay } from '../../domain/clock.ts'
import type { Connection } from '../../domain/connection.ts'
import { secretExpiry } from '../connections/secret-expiry.ts'
import { connectionName } from '../connections/upstreams.ts'
import { inTurn } from './in-turn.ts'
import type { OrganisationNeeds } from './needs.ts'
import { tellAdmins } from './tell-admins.ts'

const connectionsAtOnce = 200
const urgentDays = 7
const rememberedSeconds = 90 * 86_400

/**
 * Tells admins of secrets and certificates of connections a month before they expire, a week before, and
 * when they have; those for anyone, the operators. Returns how many there are.
 */
export async function warnOfExpiry(engine: OrganisationNeeds): Promise<number> {
  let [after, count]: [Connection['id'] | null, number] = [null, 0]
  for (;;) {
    const page: Connection[] = await engine.store.connections.list({ after, limit: connectionsAtOnce })
    for (const connection of page) if (await warn(engine, connection)) count++
    after = page.at(-1)?.id ?? null
    if (page.length < connectionsAtOnce) return count
  }
}

/** True if there is something to warn of. */
async function warn(engine: OrganisationNeeds, connection: Connection): Promise<boolean> {
  const { id, organisationId, secretExpiresAt, state } = connection
  const now = engine.clock.now()
  if (state === 'disabled' || secretExpiresAt === null || !secretExpiry(connection, now)) return false
  const isUrgent = secretExpiresAt < now + daysToMilliseconds(urgentDays)
  const stage = secretExpiresAt <= now ? 'expired' : isUrgent ? 'week' : 'month'
  const turn = { task: 'expiry', subject: id, number: `${secretExpiresAt} ${stage}` }
  await inTurn(engine, { ...turn, lifetimeSeconds: rememberedSeconds }, (tx) =>
    tellAdmins(engine, tx, {
      ...{ organisationId, what: 'secretExpires', day: toDay(secretExpiresAt) },
      about: connectionName(engine, connection, 'en'),
    }),
  )
  return true
}
