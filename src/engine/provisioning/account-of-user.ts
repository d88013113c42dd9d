import { type AccountWithIdentifiers, fittingName, verifiedIdentifier } from '../../domain/account.ts'
import type { AccountId } from '../../domain/id.ts'
import { type NormalIdentifier, normaliseIdentifier, shadowOf } from '../../domain/identifier.ts'
import { type Locale, localeOfTag } from '../../domain/locale.ts'
import { domainOf } from '../../domain/mail-domain.ts'
import type { ScimUser } from '../../domain/provisioning.ts'
import { isObject, type Resource } from '../../domain/scim/resource.ts'
import { invalidValue, ScimFault } from '../../domain/scim/scim-fault.ts'
import { draftAccount } from '../accounts/new-account.ts'
import { readingRules } from '../accounts/reading-rules.ts'
import { endSessionsIn } from '../sessions/revoke.ts'
import type { Provisioner, ProvisioningNeeds, ProvisioningTransaction } from './needs.ts'

/** The address of a user: the primary one, the first, or a user name that is one. Throws `invalidValue`. */
export function addressOf(engine: ProvisioningNeeds, resource: Resource): NormalIdentifier {
  const emails = Array.isArray(resource.emails) ? resource.emails.filter(isObject) : []
  const chosen = emails.find(({ primary }) => primary === true) ?? emails[0]
  const text = typeof chosen?.value === 'string' ? chosen.value : String(resource.userName)
  const read = normaliseIdentifier('email', text, readingRules(engine, 'en'))
  if (!read.ok) throw invalidValue('A user needs an e-mail address, in emails or as userName')
  return read.identifier
}

export function nameOf(resource: Resource): string | null {
  const name = isObject(resource.name) ? resource.name : {}
  const parts = [name.givenName, name.familyName].filter((part) => typeof part === 'string')
  const found = resource.displayName ?? name.formatted ?? (parts.length > 0 ? parts.join(' ') : null)
  return typeof found === 'string' ? fittingName(found) : null
}

export const localeOf = (resource: Resource): Locale =>
  [resource.preferredLanguage, resource.locale]
    .map((tag) => localeOfTag(String(tag)))
    .find((locale) => locale !== undefined) ?? 'en'

/** Whether the address is of a domain that the organisation has verified. */
export async function ownsAddress(
  tx: ProvisioningTransaction,
  { organisation }: Provisioner,
  { value }: NormalIdentifier,
): Promise<boolean> {
  const domain = await tx.organisationDomains.findVerified(domainOf(value))
  return domain?.organisationId === organisation.id
}

/**
 * The account that stands for a new user. One that has verified the same address is that account, where the
 * organisation has verified the domain; otherwise a new one, whose address is verified by the same rule. An
 * address of another domain that an account has already is only a shadow, so that no one learns of it.
 */
export async function accountFor(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  { provisioner, resource, email }: { provisioner: Provisioner; resource: Resource; email: NormalIdentifier },
): Promise<{ account: AccountWithIdentifiers; ownsAccount: boolean }> {
  const owns = await ownsAddress(tx, provisioner, email)
  const holder = await tx.accounts.findByIdentifier('email', email.value)
  if (owns && holder && verifiedIdentifier(holder, 'email')?.value === email.value)
    // The directory of one company does not disable an operator of the server.
    return { account: holder, ownsAccount: holder.role === 'member' }
  const account = draftAccount(
    engine,
    { identifiers: {}, name: nameOf(resource), locale: localeOf(resource) },
    [],
  )
  const now = engine.clock.now()
  if (owns && holder)
    await tx.identifiers.removeUnverified({ kind: 'email', value: email.value, except: account.id })
  const identifier = holder && !owns ? shadowOf(email, account.id) : email
  const { identifiers: _, ...row } = account
  await tx.accounts.insert(row, [])
  const put = { accountId: account.id, identifier, verifiedAt: owns ? now : null, createdAt: now }
  await tx.identifiers.put(put)
  await engine.audit.record(tx, {
    ...{ kind: 'account.created', actor: provisioner.token.id, subject: account.id },
    details: { role: account.role, organisation: provisioner.organisation.id },
  })
  return { account, ownsAccount: true }
}

/** A new address, of an account that the organisation owns. Throws `uniqueness`. */
export async function changeAddress(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  {
    provisioner,
    accountId,
    email,
  }: { provisioner: Provisioner; accountId: AccountId; email: NormalIdentifier },
): Promise<void> {
  if (!(await ownsAddress(tx, provisioner, email))) return
  const holder = await tx.accounts.findByIdentifier('email', email.value)
  if (holder && holder.id !== accountId) {
    if (verifiedIdentifier(holder, 'email')?.value === email.value)
      throw new ScimFault(409, 'uniqueness', 'Another account has this address')
    await tx.identifiers.removeUnverified({ kind: 'email', value: email.value, except: accountId })
  }
  const now = engine.clock.now()
  await tx.identifiers.remove({ accountId, kind: 'email' })
  await tx.identifiers.put({ accountId, identifier: email, verifiedAt: now, createdAt: now })
  await engine.audit.record(tx, {
    ...{ kind: 'identifier.changed', actor: provisioner.token.id, subject: accountId },
    details: { kind: 'email', organisation: provisioner.organisation.id },
  })
}

/** What follows from `active`: an owned account is disabled, which ends its sessions, or comes back. */
export async function followState(
  engine: ProvisioningNeeds,
  tx: ProvisioningTransaction,
  {
    provisioner,
    user,
  }: { provisioner: Provisioner; user: Pick<ScimUser, 'accountId' | 'active' | 'ownsAccount'> },
): Promise<void> {
  const { accountId, active, ownsAccount } = user
  const account = ownsAccount ? await tx.accounts.find(accountId) : undefined
  // Its role may have changed since.
  if (account?.role !== 'member') return
  const actor = provisioner.token.id
  const state = active ? 'active' : 'disabled'
  if (!(await tx.accounts.setState({ id: accountId, state, now: engine.clock.now() }))) return
  if (!active) await endSessionsIn(engine, tx, { accountId, except: null, ending: 'account_disabled', actor })
  await engine.audit.record(tx, {
    ...{ kind: active ? 'account.enabled' : 'account.disabled', actor, subject: accountId },
    details: { organisation: provisioner.organisation.id },
  })
}
