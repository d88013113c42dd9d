import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import { claiming, type Evidence } from '../../domain/evidence.ts'
import type { NormalIdentifier } from '../../domain/identifier.ts'
import type { Session } from '../../domain/session.ts'
import { evaluateAttempt } from '../policy/evaluate-attempt.ts'
import type { Requester } from '../request-context.ts'
import { newSession } from '../sessions/issue-tokens.ts'
import { draftAttempt, plainRequest } from '../sign-in/open-attempt.ts'
import type { RecoveryNeeds, RecoveryTransaction } from './needs.ts'

/**
 * `session`: where the link alone proves enough; otherwise the attempt continues with what else the account
 * has.
 */
export interface BegunRecovery {
  attempt: Attempt
  session: Session | null
}

/** Which link it was, as the audit log and the policy name it. */
type LinkMethod = 'undo-link' | 'recovery-link'

/**
 * The recovery that a link begins, with the link as its first proof: of an address, or of what an operator
 * has checked.
 */
export async function beginRecovery(
  engine: RecoveryNeeds,
  tx: RecoveryTransaction,
  given: {
    account: AccountWithIdentifiers
    method: LinkMethod
    identifier: NormalIdentifier | null
    requester: Requester
    browser: string
    status: string
  },
): Promise<BegunRecovery> {
  const { account, method, identifier, requester, browser, status } = given
  const evidence: Evidence = {
    ...claiming({ amr: ['otp'], factors: ['possession'], standsAlone: true }),
    method,
    accountId: account.id,
    credentialId: null,
    identifier: identifier && { kind: identifier.kind, value: identifier.value },
    at: requester.now,
  }
  const draft = draftAttempt(engine, { purpose: 'recover', request: plainRequest, requester, browser })
  const attempt: Attempt = { ...draft, accountId: account.id, evidence: [evidence] }
  const credentials = await tx.credentials.listByAccount(account.id)
  const { decisionInputs, decision } = await evaluateAttempt(engine, tx, {
    attempt,
    account,
    credentials,
    newDevice: true,
    isKnownPlace: false,
    now: requester.now,
  })
  Object.assign(attempt, { decisionInputs, decision })
  if (decision.outcome !== 'more') attempt.state = decision.outcome === 'satisfied' ? 'done' : 'refused'
  await tx.attempts.insert(attempt)
  if (decision.outcome !== 'satisfied') return { attempt, session: null }
  const session = newSession(engine, {
    account,
    decision,
    requester,
    scope: null,
    evidence: [evidence],
    origin: 'recover',
    status,
  })
  await tx.sessions.insert(session)
  const details = {
    method: evidence.method,
    source: requester.source,
    user_agent: requester.userAgent,
    session: session.id,
  }
  await engine.audit.record(tx, {
    kind: 'account.recovered',
    actor: account.id,
    subject: account.id,
    details,
  })
  return { attempt, session }
}
