import { hashSecret } from '../../crypto/equal.ts'
import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { AccountId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Requester } from '../request-context.ts'
import { issueTicket } from '../tickets/issue-ticket.ts'
import { recoveryLink } from '../tickets/ticket-link.ts'
import { type BegunRecovery, beginRecovery } from './begin-recovery.ts'
import type { RecoveryNeeds } from './needs.ts'

const purpose = 'recovery'

/**
 * A single-use link that begins the recovery of one account, for an operator who has verified the user's
 * identity. It is invalidated by a newer one, and by whatever ends all sessions of the account.
 */
export async function issueRecoveryLink(
  engine: RecoveryNeeds,
  { account, hours, actor }: { account: AccountWithIdentifiers; hours: number; actor: string },
): Promise<Secret> {
  const ticket = {
    purpose,
    subject: account.id,
    accountId: account.id,
    lifetimeSeconds: hours * 3600,
    actor,
    replaces: true,
  } as const
  return recoveryLink(engine, await issueTicket(engine, ticket))
}

/**
 * The account of a link; does not use it up. Undefined if it is unknown, expired or used, or if the account
 * no longer exists.
 */
export async function lookAtRecoveryLink(
  engine: RecoveryNeeds,
  token: string,
  { now }: Requester,
): Promise<AccountWithIdentifiers | undefined> {
  const ticket = await engine.store.tickets.findGood({ secretHash: hashSecret(token), purpose, now })
  return ticket && engine.store.accounts.find(ticket.subject as AccountId)
}

/**
 * Uses it. The policy evaluates the recovery like any other. Throws `challenge_not_open`, `account_disabled`.
 */
export async function followRecoveryLink(
  engine: RecoveryNeeds,
  { token, requester, browser }: { token: string; requester: Requester; browser: string },
): Promise<BegunRecovery> {
  const status = await engine.statuses.next('session')
  return engine.store.transaction(async (tx) => {
    const ticket = await tx.tickets.spend({ secretHash: hashSecret(token), purpose, now: requester.now })
    const accountId = ticket?.subject as AccountId | undefined
    const state = accountId && (await tx.accounts.lockForUpdate(accountId))
    const account = state && (await tx.accounts.find(accountId))
    if (!account) throw new Problem('challenge_not_open')
    if (state !== 'active') throw new Problem('account_disabled')
    return beginRecovery(engine, tx, {
      account,
      method: 'recovery-link',
      identifier: null,
      requester,
      browser,
      status,
    })
  })
}
