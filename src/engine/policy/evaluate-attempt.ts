import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { decide } from '../../domain/policy.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { PolicyNeeds } from './needs.ts'

/** Asks the policy, and keeps what it was told, so that a changed policy can be asked the same. */
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
): Required<Pick<Attempt, 'facts'>> & { decision: NonNullable<Attempt['decision']> } {
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
    facts: { subject, context },
    decision: decide(engine.settings.policy, { evidence: attempt.evidence, subject, context }),
  }
}
