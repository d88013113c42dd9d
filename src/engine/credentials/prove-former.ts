import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import type { Requester } from '../request-context.ts'
import { enrolOf } from './enrol.ts'
import type { CredentialNeeds } from './needs.ts'

/**
 * Asks for the former credential if the method says so, since a session may have been left open (ASVS 6.2.3).
 * Wrong answers count as guesses. Not asked in a recovery session: what was lost cannot be proved. Throws
 * `invalid_fields` if it is missing, `answer_refused` if it is wrong, `too_many_attempts`.
 */
export async function proveFormer(
  engine: CredentialNeeds,
  given: {
    account: AccountWithIdentifiers
    credentials: readonly Credential[]
    session: Session
    requester: Requester
    method: MethodDefinition
    former: Credential
    answer: Record<string, unknown>
  },
): Promise<void> {
  const { account, credentials, session, requester, method, former, answer } = given
  const asked = enrolOf(method).former
  if (!asked || session.origin === 'recover' || former.suspendedAt !== null) return
  const message = method.words[requester.locale][asked.field.label] ?? asked.field.name
  const field = `/${asked.field.name}`
  const shown = asked.answerOf(answer)
  if (shown === undefined)
    throw new Problem('invalid_fields', { errors: [{ field, code: 'required', message }] })
  const admission = await engine.throttle.admitSignIn({
    name: `${account.id}/former`,
    source: requester.source,
    browser: session.id,
  })
  const { now } = requester
  const ctx = engine.methods.context({
    method,
    account,
    credentials,
    requester,
    now,
    knowsAccount: true,
    isKnownPlace: true,
  })
  const proof = await method.prove(ctx, {}, shown).catch(async (error: unknown) => {
    await admission.abandoned()
    throw error
  })
  const isRight =
    proof.outcome === 'proved' && 'credential' in proof.by && proof.by.credential.id === former.id
  await engine.store.transaction(async (tx) => {
    if (isRight) return admission.succeeded(tx)
    await admission.failed(tx)
    const details = { method: method.id, source: requester.source, session: session.id, reason: 'former' }
    await engine.audit.record(tx, {
      kind: 'sign_in.refused',
      actor: account.id,
      subject: account.id,
      outcome: 'failure',
      details,
    })
  })
  if (!isRight) throw new Problem('answer_refused', { errors: [{ field, code: 'wrong', message }] })
}
