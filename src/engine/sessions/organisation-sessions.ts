import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { SessionNeeds, SessionTransaction } from './needs.ts'
import { revocationExpiresAt } from './revoke.ts'

/**
 * Ends what an organisation's tokens rest on: of one member, or of all. The user's own sessions go on. The
 * caller polls the feed afterwards.
 */
export async function endOrganisationSessions(
  engine: Pick<SessionNeeds, 'clock' | 'settings' | 'audit'>,
  tx: SessionTransaction,
  {
    organisationId,
    accountId,
    actor,
  }: { organisationId: OrganisationId; accountId: AccountId | null; actor: string },
): Promise<void> {
  const count = await tx.sessions.endOfOrganisation({
    ...{ organisationId, accountId, ending: 'organisation' },
    ...{ now: engine.clock.now(), revocationExpiresAt: revocationExpiresAt(engine) },
  })
  if (count > 0)
    await engine.audit.record(tx, {
      kind: 'session.ended',
      actor,
      subject: accountId ?? organisationId,
      details: { count, ending: 'organisation', organisation: organisationId },
    })
}
