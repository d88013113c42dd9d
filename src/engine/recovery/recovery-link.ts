import { hashSecret } from '../../crypto/equal.ts'
import { type AccountWithIdentifiers, verifiedIdentifier } from '../../domain/account.ts'
import type { AccountId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import type { Secret } from '../../domain/secret.ts'
import { allWords } from '../../words/languages.ts'
import { say } from '../../words/say.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { Requester } from '../request-context.ts'
import { issueTicket, issueTicketIn } from '../tickets/issue-ticket.ts'
import { inMessage, recoveryLink } from '../tickets/ticket-link.ts'
import { type BegunRecovery, beginRecovery } from './begin-recovery.ts'
import type { RecoveryNeeds } from './needs.ts'

const purpose = 'recovery' as const

interface Asked {
  account: Pick<AccountWithIdentifiers, 'id'>
  hours: number
  actor: string
}

/**
 * A single-use link that begins the recovery of one account, for an operator who has verified the user's
 * identity. It is invalidated by a newer one, and by whatever ends all sessions of the account.
 */
export async function issueRecoveryLink(engine: RecoveryNeeds, asked: Asked): Promise<Secret> {
  return recoveryLink(engine, await issueTicket(engine, ticketFor(asked)))
}

/**
 * The same, sent to the verified mail address of the account: who asks for it never sees it. Returns the
 * address. Throws `not_found`, `account_disabled`, `conflict` if there is no such address,
 * `too_many_attempts`.
 */
export async function mailRecoveryLink(engine: RecoveryNeeds, asked: Asked): Promise<string> {
  const { hours } = asked
  return engine.store.transaction(async (tx) => {
    const account = await tx.accounts.find(asked.account.id)
    if (!account) throw new Problem('not_found')
    if (account.state !== 'active') throw new Problem('account_disabled')
    const address = verifiedIdentifier(account, 'email')
    if (!address) throw new Problem('conflict', { detail: 'The account has no verified mail address' })
    const reached = { channel: 'email', to: address.value } as const
    if (!(await engine.rateLimits.mayReach(reached, { place: null, tx })))
      throw new Problem('too_many_attempts')
    const { locale } = account
    const { recoveryMail: words, pages } = allWords[locale]
    const link = recoveryLink(engine, await issueTicketIn(engine, tx, ticketFor(asked)))
    await sendMessage(engine, tx, {
      ...{ ...reached, locale },
      subject: say(locale, words.subject, { site: engine.settings.siteName }),
      paragraphs: [say(locale, words.text, { hours }), words.advice],
      link: inMessage(link, pages.recoveryLink.button),
      notAfter: engine.clock.now() + hours * 3_600_000,
    })
    return address.value
  })
}

const ticketFor = ({ account: { id }, hours, actor }: Asked) =>
  ({
    ...{ purpose, subject: id, accountId: id },
    ...{ lifetimeSeconds: hours * 3600, actor, replaces: true },
  }) as const

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
