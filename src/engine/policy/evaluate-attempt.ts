import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import { decide } from '../../domain/policy.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { Some } from '../../store/store.ts'
import type { PolicyNeeds } from './needs.ts'
import { organisationDemands } from './organisation-demands.ts'

/** Evaluates the policy, and stores its inputs, so that a changed policy can be simulated with them. */
export async function evaluateAttempt(
  engine: PolicyNeeds,
  store: Some<'organisations'>,
  given: {
    attempt: Attempt
    account: AccountWithIdentifiers
    credentials: readonly Credential[]
    newDevice: boolean
    isKnownPlace: boolean
    now: number
  },
): Promise<Required<Pick<Attempt, 'decisionInputs'>> & { decision: NonNullable<Attempt['decision']> }> {
  const { attempt, account, credentials, newDevice, isKnownPlace, now } = given
  const subject = engine.methods.subject(account, credentials, { isKnownPlace })
  const { operation, recovered, clientId, acr, organisationId } = attempt.request
  const organisations = await organisationDemands(store, account, organisationId)
  const context = policyContext(now, {
    purpose: attempt.purpose,
    operation,
    recovered,
    newDevice,
    clientId,
    requestedAcr: acr,
  })
  const decisionInputs = { subject, context, ...(organisations.length > 0 && { organisations }) }
  return {
    decisionInputs,
    decision: decide(engine.settings.policy, { evidence: attempt.evidence, ...decisionInputs }),
  }
}
