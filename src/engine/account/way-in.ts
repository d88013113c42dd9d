import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { countsFor } from '../../domain/policy.ts'
import type { Engine } from '../engine.ts'

/** Whether the account could be signed in to with these: something that stands alone, set up or through a verified address. */
export function hasWayIn(engine: Engine, account: AccountWithIdentifiers, credentials: readonly Credential[]): boolean {
  const verified = { ...account, identifiers: account.identifiers.filter(({ verifiedAt }) => verifiedAt !== null) }
  return engine.methods
    .subject(verified, credentials)
    .methods.some(({ id, claims, identifier }) => claims.standsAlone && countsFor(engine.settings.policy, id, identifier))
}
