import type { PolicyContext } from '../domain/policy.ts'
import { firstPartyClientId } from '../domain/session.ts'
import type { Engine } from './engine.ts'

/** The circumstances the policy is told of, as of now; where nothing is said, somebody signs in to nothing in particular. */
export const policyContext = (
  { clock }: Pick<Engine, 'clock'>,
  given: Pick<PolicyContext, 'purpose'> & Partial<PolicyContext>,
): PolicyContext => ({
  operation: null,
  clientId: firstPartyClientId,
  newDevice: false,
  requestedAcr: null,
  recovered: false,
  now: clock.now(),
  ...given,
})
