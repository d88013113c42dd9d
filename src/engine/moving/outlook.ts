import type { Outlook } from '../../domain/import-report.ts'
import type { Organisation } from '../../domain/organisation.ts'
import { decide } from '../../domain/policy.ts'
import type { PolicyDocument } from '../../domain/policy-document.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { MovingNeeds } from './needs.ts'
import type { PlannedRow } from './plan-batch.ts'

/**
 * How a new account could sign in for the first time under a policy, with what it brings: a sign-in from an
 * unknown device, and to the organisation whose member it becomes.
 */
export function outlookOf(
  engine: Pick<MovingNeeds, 'methods' | 'clock'>,
  { document, organisation }: { document: PolicyDocument; organisation: Organisation | null },
  { row, identifiers, credentials }: PlannedRow,
): Outlook {
  const account = { ...row.account, identifiers: [...identifiers] }
  const decision = decide(document, {
    evidence: [],
    subject: engine.methods.subject(account, credentials, { isKnownPlace: false }),
    context: policyContext(engine.clock.now(), { purpose: 'sign-in', newDevice: true }),
    organisations: organisation
      ? [{ slug: organisation.slug, policy: organisation.policy, breakGlass: false }]
      : [],
  })
  if (decision.outcome === 'more') return decision.required
  return decision.outcome === 'refused' && decision.reason === 'account_disabled' ? 'disabled' : 'locked_out'
}
