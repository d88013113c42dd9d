import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import { typedName } from '../limits/folded-name.ts'
import type { Requester } from '../request-context.ts'
import type { CredentialNeeds } from './needs.ts'

/**
 * Sets up what another server's password proves: a wrong one counts as a guess at a sign-in does, so that an
 * account here is no way to guess there. Throws what `work` throws, `too_many_attempts`.
 */
export async function countedGuess<Result>(
  engine: Pick<CredentialNeeds, 'throttle' | 'store' | 'audit'>,
  given: {
    method: MethodDefinition
    account: { id: string }
    requester: Requester
    answer: Record<string, unknown>
  },
  work: () => Promise<Result>,
): Promise<Result> {
  const { method, account, requester, answer } = given
  if (method.upstream !== 'form') return work()
  const { source } = requester
  const name = typedName(method, answer)
  const admission = await engine.throttle.admitSignIn({ name, source, browser: null })
  try {
    const result = await work()
    await engine.store.transaction((tx) => admission.succeeded(tx))
    return result
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'enrolment_refused') {
      await admission.abandoned()
      throw error
    }
    await engine.store.transaction(async (tx) => {
      await admission.failed(tx)
      const details = { method: method.id, source, reason: 'link' }
      await engine.audit.record(tx, {
        ...{ kind: 'sign_in.refused', actor: account.id, subject: account.id, outcome: 'failure', details },
      })
    })
    throw error
  }
}
