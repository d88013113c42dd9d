import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import { countsFor, isOpenWithout } from '../../domain/policy.ts'
import { policyContext } from '../../domain/policy-input.ts'
import type { Some } from '../../store/store.ts'
import type { CredentialNeeds } from './needs.ts'
import { openCredentials } from './open-credentials.ts'

/** An unverified address may belong to another person, so it counts for nothing here. */
const verifiedOnly = (account: AccountWithIdentifiers): AccountWithIdentifiers => ({
  ...account,
  identifiers: account.identifiers.filter(({ verifiedAt }) => verifiedAt !== null),
})

/** Whether the account could be signed in to without one of its methods, as far as the policy goes. */
export function isOpenWithoutMethod(
  engine: CredentialNeeds,
  {
    account,
    credentials,
    method,
  }: { account: AccountWithIdentifiers; credentials: readonly Credential[]; method: string },
): boolean {
  const subject = engine.methods.subject(verifiedOnly(account), credentials)
  const context = policyContext(engine.clock.now(), { purpose: 'sign-in', newDevice: true })
  return isOpenWithout(engine.settings.policy, { subject, context, method })
}

/**
 * Whether the account could be signed in to with these: something that stands alone, set up or through a
 * verified address.
 */
export const hasWayIn = (
  engine: CredentialNeeds,
  account: AccountWithIdentifiers,
  credentials: readonly Credential[],
): boolean => hasAnyWayIn(engine, verifiedOnly(account), credentials)

/** The same, with what would be left today, as the transaction sees it. */
export const hasOpenWayIn = async (
  engine: CredentialNeeds,
  tx: Some<'connections'>,
  { account, left }: { account: AccountWithIdentifiers; left: readonly Credential[] },
): Promise<boolean> =>
  hasWayIn(engine, account, await openCredentials({ methods: engine.methods, store: tx }, left))

/** The same, through whatever addresses it has. */
export const hasAnyWayIn = (
  engine: CredentialNeeds,
  account: AccountWithIdentifiers,
  credentials: readonly Credential[],
): boolean =>
  engine.methods
    .subject(account, credentials)
    .methods.some(
      ({ id, claims, identifier, usable }) =>
        usable && claims.standsAlone && countsFor(engine.settings.policy, id, identifier),
    )
