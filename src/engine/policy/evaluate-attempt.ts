import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { decide } from '../../domain/policy.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { PolicyNeeds } from './needs.ts'

/** Evaluates the policy, and stores its inputs, so that a changed policy can be simulated with them. */
export function evaluateAttempt(
  engine: PolicyNeeds,
  given: {
    attempt: Attempt
    account: AccountWithIdentifiers
    credentials: readonly Credential[]
    newDevice: boolean
    isKnownPlace: boolean
    now: number
  },
): Required<Pick<Attempt, 'decisionInputs'>> & { decision: NonNullable<Attempt['decision']> } {
  const { attempt, account, credentials, newDevice, isKnownPlace, now } = given
  const subject = engine.methods.subject(account, credentials, { isKnownPlace })
  const { operation, recovered, clientId, acr } = attempt.request
  const context = policyContext(now, {
    purpose: attempt.purpose,
    operation,
    recovered,
    newDevice,
    clientId,
    requestedAcr: acr,
  })
  return {
    decisionInputs: { subject, context },
    decision: decide(engine.settings.policy, { evidence: attempt.evidence, subject, context }),
  }
}
