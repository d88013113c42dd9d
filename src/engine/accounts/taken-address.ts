import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { type NormalIdentifier, shadowOf } from '../../domain/identifier.ts'
import { Problem } from '../../domain/problem.ts'
import { identifierFaultWords } from '../../words/identifiers.ts'
import type { Requester } from '../request-context.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'

/** A new account whose identifiers are free, or kept apart from those of other accounts. */
export interface Free {
  account: AccountWithIdentifiers
  identifiers: NormalIdentifier[]
  /** Whose they are, to be told. */
  holders: { account: AccountWithIdentifiers; identifier: AccountIdentifier }[]
}

/**
 * A stranger does not learn that an address is verified by an account: the new account is made as it would
 * be, with the address beside it and never verified, and its owner is notified. Usernames are no secret.
 * Throws `identifier_taken` for those, and for addresses as well where the deployment would rather say so.
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
 * Rationed as all that goes to an address is. Returns what sends them, within the transaction that makes the
 * account.
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
