import { describeHash } from '../../crypto/password-hash/describe-hash.ts'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential, CredentialUpdate, NewCredential } from '../../domain/credential.ts'
import type { Evidence } from '../../domain/evidence.ts'
import { type CredentialId, newCredentialId, type TicketId } from '../../domain/id.ts'
import type { EnrolContext, MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Requester } from '../request-context.ts'
import type { CredentialNeeds } from './needs.ts'

interface Enrolling {
  method: MethodDefinition
  account: AccountWithIdentifiers
  requester: Requester
}

export interface Enrolled {
  credential: Credential
  notes: Record<string, unknown>
  /** Setting it up proved it as well. */
  proves: boolean
  /** To others of the account, in the same transaction. */
  updates: CredentialUpdate[]
}

/**
 * A new credential from an answer that needs no challenge, ready to be written. Throws what `finishEnrolment`
 * throws.
 */
export const enrol = (
  engine: CredentialNeeds,
  given: Enrolling & { answer: Record<string, unknown> },
): Promise<Enrolled> =>
  finishEnrolment(engine, { ...given, credentialId: newCredentialId(engine), credentials: [], state: {} })

/**
 * A new credential, ready to be written. Throws `weak_password` or `enrolment_refused` with what the method
 * says is wrong, `busy`.
 */
export async function finishEnrolment(
  engine: CredentialNeeds,
  given: Enrolling & {
    credentialId: CredentialId
    credentials: readonly Credential[]
    state: unknown
    answer: Record<string, unknown>
  },
): Promise<Enrolled> {
  const { method, account, requester, answer, credentialId } = given
  const result = await enrolOf(method).finish(enrolContext(engine, given), given.state, answer)
  if (result.outcome === 'refused')
    throw new Problem(method.refusal ?? 'enrolment_refused', {
      errors: result.errors,
      extensions: result.notes,
    })
  return {
    credential: stamped({ method, account, requester, credentialId, made: result.credential }),
    notes: result.notes,
    proves: result.proves,
    updates: result.updates ?? [],
  }
}

/** The same from another system's hash. Throws `invalid_fields` if the method does not know its kind. */
export async function importCredential(
  engine: CredentialNeeds,
  given: Enrolling & { importedHash: string },
): Promise<Credential> {
  const { method, account, requester, importedHash } = given
  const credentialId = newCredentialId(engine)
  const { hashing, sealing } = enrolContext(engine, { ...given, credentialId, credentials: [] })
  const made = method.imports?.make(
    { credentialId, sealing, describeHash },
    { type: 'password-hash', hash: importedHash, secret: null },
  )
  if (typeof made !== 'object')
    throw new Problem('invalid_fields', { detail: `${method.id} does not know this kind of hash` })
  await hashing.verify('', importedHash) // measures the cost of this kind of hash from the start
  return stamped({ method, account, requester, credentialId, made })
}

/** Throws on a method without enrolment, which is a bug: routes exist only for those that have one. */
export function enrolOf(method: MethodDefinition): NonNullable<MethodDefinition['enrol']> {
  if (!method.enrol) throw new Error(`${method.id} cannot be enrolled`)
  return method.enrol
}

export const enrolContext = (
  engine: CredentialNeeds,
  {
    method,
    account,
    requester,
    ...about
  }: Enrolling & {
    credentialId: CredentialId
    credentials: readonly Credential[]
    challengeId?: TicketId
  },
): EnrolContext<unknown, unknown> =>
  engine.methods.enrolContext({ method, account, requester, now: requester.now, ...about })

/** What a new credential proved by being set up. */
export function evidenceOf(engine: CredentialNeeds, credential: Credential, now: number): Evidence {
  const method = engine.methods.get(credential.kind)
  const claims = method.claimsOf?.(credential.data) ?? method.canClaim
  return engine.methods.stamp({ method, proof: { by: { credential }, claims }, now })
}

/** A credential of the account, ready to be written. */
export function stamped(given: Enrolling & { credentialId: CredentialId; made: NewCredential }): Credential {
  const { method, account, requester, credentialId, made } = given
  return {
    ...made,
    // What an account has once is found by the account: the index over kind and lookup holds it to one.
    lookup: method.enrol?.holds === 'one' ? account.id : made.lookup,
    id: made.id ?? credentialId,
    accountId: account.id,
    kind: method.id,
    revision: 1,
    createdAt: requester.now,
    lastUsedAt: null,
    failures: 0,
    disabledAt: null,
    suspendedAt: null,
  }
}
