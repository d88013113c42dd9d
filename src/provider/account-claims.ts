import type { Account as ProviderAccount } from 'oidc-provider'
import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { AccountId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'

/** Which claims come with which scope (OIDC Core §5.4). */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** An account that may sign in, and what may be said of it. */
export async function findProviderAccount(engine: Engine, id: string): Promise<ProviderAccount | undefined> {
  const account = await engine.store.accounts.find(id as AccountId)
  if (account?.state !== 'active') return undefined
  return { accountId: account.id, claims: async () => claimsOf(account) }
}

function claimsOf(account: AccountWithIdentifiers) {
  const identifier = (kind: string) => account.identifiers.find((one) => one.kind === kind)
  const [email, phone, username] = [identifier('email'), identifier('phone'), identifier('username')]
  return {
    sub: account.id,
    ...(account.name !== null && { name: account.name }),
    ...(username && { preferred_username: username.display }),
    locale: account.locale,
    updated_at: Math.floor(account.updatedAt / 1000),
    ...(email && { email: email.display, email_verified: email.verifiedAt !== null }),
    ...(phone && { phone_number: phone.value, phone_number_verified: phone.verifiedAt !== null }),
  }
}
