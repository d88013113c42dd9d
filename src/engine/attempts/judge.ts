import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { decide } from '../../domain/policy.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import type { Engine } from '../engine.ts'
import { policyContext } from '../policy-context.ts'

/** Asks the policy, and keeps what it was told, so that a changed policy can be asked the same. */
export function judge(
  engine: Engine,
  given: { attempt: Attempt; account: AccountWithIdentifiers; credentials: readonly Credential[]; newDevice: boolean },
): Required<Pick<Attempt, 'facts'>> & { decision: NonNullable<Attempt['decision']> } {
  const { attempt, account, credentials, newDevice } = given
  const subject = engine.methods.subject(account, credentials)
  const context = policyContext(engine, {
    purpose: attempt.purpose,
    // Whatever raises a session is for changing what it could be signed in with, unless an application asked for more.
    operation: attempt.sessionId === null || attempt.request.clientId !== firstPartyClientId ? null : 'credentials',
    newDevice,
    clientId: attempt.request.clientId,
    requestedAcr: attempt.request.acr,
  })
  return { facts: { subject, context }, decision: decide(engine.settings.policy, { evidence: attempt.evidence, subject, context }) }
}
