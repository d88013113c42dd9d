import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { Problem } from '../../domain/problem.ts'
import { systemRequester } from '../request-context.ts'
import { enrol } from './enrol.ts'
import type { CredentialNeeds } from './needs.ts'

/**
 * A key for a program of this account, made by an operator. The key is returned once and kept nowhere. Throws
 * `enrolment_refused`.
 */
export async function issueKey(
  engine: CredentialNeeds,
  given: {
    account: AccountWithIdentifiers
    name: string
    scope: string | undefined
    expiresInDays: number | undefined
    actor: string
  },
): Promise<{ credential: Credential; key: string }> {
  const { account, name, scope, expiresInDays, actor } = given
  const method = engine.methods.list.find(({ bearer }) => bearer !== undefined)
  if (!method) throw new Problem('not_found', { detail: 'No method of this server makes keys' })
  const answer = {
    name,
    ...(scope !== undefined && { scope }),
    ...(expiresInDays !== undefined && { expires_in_days: expiresInDays }),
  }
  const requester = systemRequester(engine)
  const { credential, notes } = await enrol(engine, { method, account, requester, answer })
  await engine.store.transaction(async (tx) => {
    await tx.credentials.insert(credential)
    const details = { method: method.id, credential: credential.id }
    await engine.audit.record(tx, { kind: 'credential.added', actor, subject: account.id, details })
    await engine.notify(tx, { account, notice: 'credential_added', method: method.id, requester })
  })
  return { credential, key: String(notes.key) }
}
