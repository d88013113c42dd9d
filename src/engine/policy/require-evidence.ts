import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { SessionId } from '../../domain/id.ts'
import { type Decision, decide } from '../../domain/policy.ts'
import type { Operation } from '../../domain/policy-document.ts'
import { policyContext } from '../../domain/policy-input.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { findLiveSession } from '../sessions/live-session.ts'
import type { PolicyNeeds } from './needs.ts'

/** Whether a session's evidence is enough, and recent enough, for an operation. */
export function judgeOperation(
  engine: PolicyNeeds,
  given: {
    session: Session
    account: AccountWithIdentifiers
    credentials: readonly Credential[]
    operation: Operation
    now: number
  },
): Decision {
  const { session, account, credentials, operation, now } = given
  return decide(engine.settings.policy, {
    evidence: session.evidence,
    subject: engine.methods.subject(account, credentials, { isKnownPlace: true }),
    context: policyContext(now, {
      purpose: 'step-up',
      operation,
      clientId: session.clientId,
      recovered: session.origin === 'recover',
    }),
  })
}

/**
 * A sensitive operation needs recent evidence of the session, not only a token (RFC 9470). Throws
 * `insufficient_user_authentication` with what would do, `invalid_token`.
 */
export async function requireEvidence(
  engine: PolicyNeeds,
  given: { sessionId: SessionId; account: AccountWithIdentifiers; operation: Operation; now: number },
): Promise<{ session: Session; credentials: Credential[] }> {
  const { sessionId, account, operation, now } = given
  const session = await findLiveSession(engine, { id: sessionId, now })
  if (!session) throw new Problem('invalid_token', { cause: 'session' })
  const credentials = await engine.store.credentials.listByAccount(account.id)
  const decision = judgeOperation(engine, { session, account, credentials, operation, now })
  if (decision.outcome === 'satisfied') return { session, credentials }
  const maxAge = engine.settings.policy.operations[operation].ageSecondsMax
  const acr = decision.outcome === 'more' ? decision.required : null
  throw new Problem('insufficient_user_authentication', {
    detail: `Authenticate again: the evidence may be at most ${maxAge} s old`,
    extensions: { max_age: maxAge, operation, ...(acr && { acr_values: acr }), reasons: decision.reasons },
  })
}
