import type { GrantId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { forgetAt } from '../engine/revoke.ts'

/** What a client was granted is over, with all its tokens: here at once, and on every node within a second. */
export async function endGrant(engine: Engine, { id, reason }: { id: GrantId; reason: string }): Promise<void> {
  const grant = await engine.store.grants.find(id)
  if (!grant) return
  const forget = forgetAt(engine)
  const ended = await engine.store.transaction(async (tx) => {
    if (!(await tx.grants.end({ id, now: engine.clock.now(), forgetAt: forget }))) return false
    const details = { client: grant.clientId, grant: id, reason }
    await engine.audit.record(tx, { kind: 'grant.ended', actor: 'system', subject: grant.accountId, details })
    return true
  })
  if (ended) engine.revocations.add({ subject: id, status: grant.status, forgetAt: forget })
}
