import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { countsFor, isOpenWithout } from '../../domain/policy.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import type { Engine } from '../engine.ts'

/** Through an address that was never verified, somebody else might come in. */
const verifiedOnly = (account: AccountWithIdentifiers): AccountWithIdentifiers => ({
  ...account,
  identifiers: account.identifiers.filter(({ verifiedAt }) => verifiedAt !== null),
})

/** Whether the account could be signed in to without one of its methods, as far as the policy goes. */
export function isOpenWithoutMethod(
  engine: Engine,
  { account, credentials, method }: { account: AccountWithIdentifiers; credentials: readonly Credential[]; method: string },
): boolean {
  const subject = engine.methods.subject(verifiedOnly(account), credentials)
  const context = {
    purpose: 'sign-in',
    operation: null,
    clientId: firstPartyClientId,
    newDevice: true,
    requestedAcr: null,
    recovered: false,
    now: engine.clock.now(),
  } as const
  return isOpenWithout(engine.settings.policy, { subject, context, method })
}

/** Whether the account could be signed in to with these: something that stands alone, set up or through a verified address. */
export function hasWayIn(engine: Engine, account: AccountWithIdentifiers, credentials: readonly Credential[]): boolean {
  return engine.methods
    .subject(verifiedOnly(account), credentials)
    .methods.some(({ id, claims, identifier, usable }) => usable && claims.standsAlone && countsFor(engine.settings.policy, id, identifier))
}
