import type { Assurance } from '../../domain/assurance.ts'
import type { OrganisationId } from '../../domain/id.ts'
import { decide } from '../../domain/policy.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { Session } from '../../domain/session.ts'
import { findById } from '../accounts/find-account.ts'
import type { PolicyNeeds } from './needs.ts'
import { organisationDemands } from './organisation-demands.ts'

/** Whether the session's evidence satisfies what this client requires. */
export async function isSessionEnough(
  engine: PolicyNeeds,
  session: Session,
  given: {
    clientId: string
    acr: Assurance | null
    /** The organisation that is signed in to. */
    organisationId?: OrganisationId | null
    now: number
  },
): Promise<boolean> {
  const { clientId, acr, organisationId, now } = given
  const { account, credentials } = await findById(engine, session.accountId)
  if (!account) return false
  const decision = decide(engine.settings.policy, {
    evidence: session.evidence,
    organisations: await organisationDemands(engine.store, account, organisationId),
    subject: engine.methods.subject(account, credentials, { isKnownPlace: true }),
    context: policyContext(now, {
      purpose: 'sign-in',
      clientId,
      requestedAcr: acr,
      recovered: session.origin === 'recover',
    }),
  })
  return decision.outcome === 'satisfied'
}
