import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { isShadow } from '../../domain/identifier.ts'
import type { Message } from '../../domain/message.ts'
import { deviceName } from '../../words/device-name.ts'
import type { NoticeKind } from '../../words/language.ts'
import { allWords } from '../../words/languages.ts'
import { sayTime } from '../../words/say.ts'
import type { MessageNeeds } from './needs.ts'
import type { Notice, Notify } from './notice.ts'
import { sendMessage } from './send-message.ts'

/**
 * Notices that an unverified address gets as well: it may be the only one, and the account itself is at
 * stake.
 */
const toldUnverified: ReadonlySet<NoticeKind> = new Set(['credential_changed', 'account_deleted'])
/** Notices that every address of the account gets. */
const toldEverywhere: ReadonlySet<NoticeKind> = new Set(['account_deleted'])

/**
 * Notifies the owner in the account's language, by mail, or by text message if no e-mail address is verified.
 */
export const createNotify =
  (engine: MessageNeeds): Notify =>
  async (tx, notice) => {
    const addresses = notice.to ? [notice.to] : reachOf(notice.account, notice.notice)
    for (const address of addresses) {
      const message = messageFor(engine, notice, address)
      // An unverified address may be a stranger's: it has the limits of strangers.
      const goesOut =
        !isUnverified(address) || (await engine.rateLimits.mayReach(message, { place: null, tx }))
      if (goesOut) await sendMessage(engine, tx, message)
    }
  }

const isUnverified = (
  address: Pick<AccountIdentifier, 'kind' | 'value'> & { verifiedAt?: number | null },
): boolean => address.verifiedAt === null

/** What the owner reads. Pure. */
export function messageFor(
  engine: { methods: Pick<MessageNeeds['methods'], 'find'> },
  { account, notice, method, requester, link }: Notice,
  address: Pick<AccountIdentifier, 'kind' | 'value'>,
): Message {
  const words = allWords[account.locale].notices
  const { subject, text } = words[notice]
  // The browser at hand may be another person's: the owner's zone counts, as far as it is known.
  const zone = account.zone ?? requester.zone
  const name = method === undefined ? '' : methodName(engine, method, account)
  return {
    channel: address.kind === 'phone' ? 'sms' : 'email',
    to: address.value,
    locale: account.locale,
    subject,
    paragraphs: [
      text.replace('{method}', name),
      words.details
        .replace('{time}', sayTime(account.locale, requester.now, { zone, isNamed: true }))
        .replace('{source}', requester.source)
        .replace('{agent}', deviceName(account.locale, requester.userAgent)),
      notice === 'account_deleted' ? words.contact : words.advice,
    ],
    ...(link !== undefined && {
      link: { url: link, label: notice === 'sign_up_tried' ? words.signIn : words.undo },
    }),
  }
}

function reachOf({ identifiers }: AccountWithIdentifiers, notice: NoticeKind): AccountIdentifier[] {
  const reachable = identifiers.filter(
    (identifier) => identifier.kind !== 'username' && !isShadow(identifier),
  )
  const verified = reachable.filter(({ verifiedAt }) => verifiedAt !== null)
  if (toldEverywhere.has(notice)) return reachable.filter(({ suspendedAt }) => suspendedAt === null)
  const preferred = (some: readonly AccountIdentifier[]) =>
    some.find(({ kind }) => kind === 'email') ?? some.find(({ kind }) => kind === 'phone')
  const unverified = toldUnverified.has(notice)
    ? reachable.filter(({ suspendedAt }) => suspendedAt === null)
    : []
  const found = preferred(verified) ?? preferred(unverified)
  return found ? [found] : []
}

const methodName = (
  { methods }: { methods: Pick<MessageNeeds['methods'], 'find'> },
  id: string,
  { locale }: AccountWithIdentifiers,
): string => methods.find(id)?.words[locale].label ?? id
