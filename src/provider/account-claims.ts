import type { KoaContextWithOIDC, Account as ProviderAccount } from 'oidc-provider'
import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { AccountId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { organisationClaimsOf, organisationScope } from './organisation.ts'
import { settingsOf } from './provider-client.ts'

/** Which claims come with which scope (OIDC Core §5.4). */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  [organisationScope]: ['org_id', 'org_roles'],
}

/** An active account and its claims. */
export async function findProviderAccount(
  engine: Engine,
  { id, ctx }: { id: string; ctx: KoaContextWithOIDC },
): Promise<ProviderAccount | undefined> {
  const account = await engine.store.accounts.find(id as AccountId)
  if (account?.state !== 'active') return undefined
  const { verifiedAddressesOnly } = settingsOf(ctx.oidc.client)
  return {
    accountId: account.id,
    claims: async (_use, scope) => ({
      ...profileClaims(account, verifiedAddressesOnly),
      ...(scope.split(' ').includes(organisationScope) &&
        (await organisationClaimsOf(engine, { grant: ctx.oidc.entities.Grant, accountId: account.id }))),
    }),
  }
}

/**
 * Without a name or username, the local part of the e-mail address: many relying parties need something to
 * show. Not unique; use `sub` as key.
 */
function profileClaims(account: AccountWithIdentifiers, verifiedOnly: boolean) {
  const identifier = (kind: string) =>
    account.identifiers.find(
      (one) => one.kind === kind && (kind === 'username' || !verifiedOnly || one.verifiedAt !== null),
    )
  const [email, phone, username] = [identifier('email'), identifier('phone'), identifier('username')]
  const called = username?.display ?? email?.display.split('@')[0]
  const name = account.name ?? called
  return {
    sub: account.id,
    ...(name !== undefined && { name }),
    ...(called !== undefined && { preferred_username: called }),
    locale: account.locale,
    updated_at: Math.floor(account.updatedAt / 1000),
    ...(email && { email: email.display, email_verified: email.verifiedAt !== null }),
    ...(phone && { phone_number: phone.display, phone_number_verified: phone.verifiedAt !== null }),
  }
}
