import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { decide, type PolicyContext } from '../../domain/policy.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import type { Engine } from '../engine.ts'

/** Asks the policy, and keeps what it was told, so that a changed policy can be asked the same. */
export function judge(
  engine: Engine,
  given: { attempt: Attempt; account: AccountWithIdentifiers; credentials: readonly Credential[]; newDevice: boolean },
): Required<Pick<Attempt, 'facts'>> & { decision: NonNullable<Attempt['decision']> } {
  const { attempt, account, credentials, newDevice } = given
  const subject = engine.methods.subject(account, credentials)
  const context: PolicyContext = {
    purpose: attempt.purpose,
    // Whatever raises a session is for changing what it could be signed in with.
    operation: attempt.sessionId === null ? null : 'credentials',
    clientId: firstPartyClientId,
    newDevice,
    requestedAcr: attempt.request.acr,
    recovered: false,
    now: engine.clock.now(),
  }
  return { facts: { subject, context }, decision: decide(engine.settings.policy, { evidence: attempt.evidence, subject, context }) }
}
