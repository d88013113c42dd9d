import type { ClientGrant } from '../../domain/grant.ts'
import type { GrantId } from '../../domain/id.ts'
import { allOrNothing } from '../../store/all-or-nothing.ts'
import { liveness } from '../sessions/live-session.ts'
import { revocationExpiresAt } from '../sessions/revoke.ts'
import type { ClientNeeds, ClientTransaction } from './needs.ts'

/**
 * Ends a grant with all its tokens: here at once, and on every node within a second. `also`: written with it.
 * Returns the grant, where it had not ended before.
 */
export async function endGrant(
  engine: ClientNeeds,
  {
    id,
    reason,
    also,
  }: { id: GrantId; reason: string; also?: (tx: ClientTransaction, grant: ClientGrant) => Promise<void> },
): Promise<ClientGrant | undefined> {
  const grant = await engine.store.grants.find({ id, ...liveness(engine) })
  if (!grant) return undefined
  const forget = revocationExpiresAt(engine)
  const ended = await allOrNothing(engine.store, async (tx) => {
    if (!(await tx.grants.end({ id, now: engine.clock.now(), revocationExpiresAt: forget }))) return false
    const details = { client: grant.clientId, grant: id, reason }
    await engine.audit.record(tx, { kind: 'grant.ended', actor: 'system', subject: grant.accountId, details })
    await also?.(tx, grant)
    return true
  })
  if (!ended) return undefined
  engine.revocations.add({ subject: id, status: grant.status, revocationExpiresAt: forget })
  await engine.revocations.poll() // with the grants of exchanged tokens
  return grant
}
