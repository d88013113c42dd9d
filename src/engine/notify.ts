import type { AccountIdentifier, AccountWithIdentifiers } from '../domain/account.ts'
import { toTimestamp } from '../domain/clock.ts'
import type { Message } from '../domain/message.ts'
import type { Engine } from './engine.ts'
import type { Notify } from './notice.ts'
import { noticeWords } from './notice-words.ts'
import { sendMessage } from './send-message.ts'

/** Tells the owner in the account's language, by mail, or by text message where no mail address is verified. Nobody else is told anything. */
export const createNotify =
  (engine: Omit<Engine, 'notify'>): Notify =>
  async (tx, { account, notice, method, requester, to, link }) => {
    const address = to ?? reachOf(account)
    if (!address) return
    const words = noticeWords[account.locale]
    const { subject, text } = words[notice]
    const name = method === undefined ? '' : methodName(engine, method, account)
    const message: Message = {
      channel: address.kind === 'phone' ? 'sms' : 'email',
      to: address.value,
      locale: account.locale,
      subject,
      paragraphs: [
        text.replace('{method}', name),
        words.details
          .replace('{time}', toTimestamp(engine.clock.now()).replace(/\.\d+Z$/, 'Z'))
          .replace('{source}', requester.source)
          .replace('{agent}', requester.userAgent ?? '—'),
        words.advice,
      ],
      ...(link !== undefined && { link: { url: link, label: words.undo } }),
    }
    await sendMessage(engine as Engine, tx, message)
  }

function reachOf({ identifiers }: AccountWithIdentifiers): AccountIdentifier | undefined {
  const verified = identifiers.filter(({ verifiedAt }) => verifiedAt !== null)
  return verified.find(({ kind }) => kind === 'email') ?? verified.find(({ kind }) => kind === 'phone')
}

const methodName = ({ methods }: Pick<Engine, 'methods'>, id: string, { locale }: AccountWithIdentifiers): string =>
  methods.find(id)?.words[locale].label ?? id
