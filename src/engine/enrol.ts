import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { Credential, NewCredential } from '../domain/credential.ts'
import { newCredentialId } from '../domain/id.ts'
import type { MethodDefinition } from '../domain/method.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from './engine.ts'
import type { Requester } from './requester.ts'

interface Enrolling {
  method: MethodDefinition
  account: AccountWithIdentifiers
  requester: Requester
}

/** A new credential from a method, ready to be written. Throws `weak_password` with what the method says is wrong, `busy`. */
export async function enrol(
  engine: Engine,
  given: Enrolling & { answer: Record<string, unknown> },
): Promise<{ credential: Credential; notes: Record<string, unknown> }> {
  const { method, account, answer } = given
  if (!method.enrol) throw new Error(`${method.id} cannot be enrolled`)
  const ctx = contextOf(engine, given)
  const { state } = await method.enrol.begin(ctx)
  const result = await method.enrol.finish(ctx, state, answer)
  if (result.outcome === 'refused') throw new Problem('weak_password', { errors: result.errors, extensions: result.notes })
  return { credential: stamped(engine, { method, account, made: result.credential }), notes: result.notes }
}

/** The same from what another system kept. Throws `invalid_fields` where the method does not know it. */
export function adopt(engine: Engine, given: Enrolling & { foreign: string }): Credential {
  const { method, account, foreign } = given
  const made = method.enrol?.adopt?.(contextOf(engine, given), foreign)
  if (!made) throw new Problem('invalid_fields', { detail: `${method.id} does not know this kind of hash` })
  return stamped(engine, { method, account, made })
}

const contextOf = (engine: Engine, { method, account, requester }: Enrolling) =>
  engine.methods.context({ method, account, credentials: [], requester, now: engine.clock.now() })

function stamped(
  engine: Engine,
  { method, account, made }: { method: MethodDefinition; account: AccountWithIdentifiers; made: NewCredential },
): Credential {
  return {
    ...made,
    // What an account has once is found by the account: the index over kind and lookup holds it to one.
    lookup: method.enrol?.holds === 'one' ? account.id : made.lookup,
    id: newCredentialId(engine),
    accountId: account.id,
    kind: method.id,
    revision: 1,
    createdAt: engine.clock.now(),
    lastUsedAt: null,
  }
}
