import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { type NormalIdentifier, shadowOf } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import { identifierFaultWords } from '../../words/identifiers.ts'
import type { Requester } from '../request-context.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'

/** A new account whose identifiers are free, or shadows of taken ones. */
export interface Free {
  account: AccountWithIdentifiers
  identifiers: NormalIdentifier[]
  /** The accounts that have them, to be notified. */
  holders: { account: AccountWithIdentifiers; identifier: AccountIdentifier }[]
}

/**
 * Account enumeration (OWASP): sign-up does not reveal that an address belongs to an account. The new account
 * gets it as a shadow that is never verified, and the owner is notified. Usernames are public. Throws
 * `identifier_taken` for those, and for addresses if the deployment prefers to say so.
 */
export async function withoutTaken(
  engine: AccountNeeds,
  given: { account: AccountWithIdentifiers; identifiers: readonly NormalIdentifier[]; requester: Requester },
): Promise<Free> {
  const { requester } = given
  const holders: Free['holders'] = []
  const identifiers: NormalIdentifier[] = []
  for (const identifier of given.identifiers) {
    const { kind, value } = identifier
    const holder = await engine.store.accounts.findByIdentifier(kind, value)
    const own = holder?.identifiers.find((one) => one.kind === kind)
    // An unverified address is no secret to keep: its owner recovers the account with it.
    if (holder && (kind === 'username' || own?.verifiedAt == null || engine.settings.takenAddress === 'say'))
      throw new Problem('identifier_taken', {
        errors: [
          {
            field: `/${kind}`,
            code: 'taken',
            message: identifierFaultWords(kind, 'taken', requester.locale),
          },
        ],
      })
    if (holder && own) holders.push({ account: holder, identifier: own })
    identifiers.push(holder ? shadowOf(identifier, given.account.id) : identifier)
  }
  const named = identifiers.map(({ kind, value }) => [kind, value] as const)
  const account = {
    ...given.account,
    identifiers: given.account.identifiers.map((one) => ({
      ...one,
      value: named.find(([kind]) => kind === one.kind)?.[1] ?? one.value,
    })),
  }
  return { account, identifiers, holders }
}

/**
 * Rate-limited like all messages to an address. Returns a function that sends them in the transaction that
 * creates the account.
 */
export async function draftWarnings(
  engine: AccountNeeds,
  { holders, requester }: Pick<Free, 'holders'> & { requester: Requester },
): Promise<(tx: AccountTransaction) => Promise<void>> {
  const told: Free['holders'] = []
  for (const { account, identifier } of holders) {
    const message = { channel: identifier.kind === 'phone' ? 'sms' : 'email', to: identifier.value } as const
    if (await engine.rateLimits.mayReach(message, { place: null })) told.push({ account, identifier })
  }
  return async (tx) => {
    for (const { account, identifier } of told)
      await engine.notify(tx, {
        account,
        notice: 'sign_up_tried',
        requester,
        to: { kind: identifier.kind, value: identifier.value },
        link: `${engine.settings.issuer}/signin`,
      })
  }
}
