import type { Locale } from '../domain/locale.ts'
import type { Message } from '../domain/message.ts'
import { allWords } from './languages.ts'

/** The message that shows whether an address or number is the account's. */
export function verificationMessage(given: {
  kind: 'email' | 'phone'
  to: string
  code: string
  locale: Locale
  minutes: number
}): Message {
  const { kind, to, code, locale, minutes } = given
  const { subject, text, advice } = allWords[locale].verification
  return {
    channel: kind === 'phone' ? 'sms' : 'email',
    to,
    locale,
    subject,
    paragraphs: [text.replace('{minutes}', String(minutes)), advice],
    code,
  }
}
