import { asHtml, asText } from '../../src/delivery/message-form.ts'
import type { Locale } from '../../src/domain/locale.ts'
import type { Message } from '../../src/domain/message.ts'
import { mailLook } from '../../src/mail-look.ts'
import { noticeKinds } from '../../src/words/language.ts'
import { allWords } from '../../src/words/languages.ts'
import { say, sayTime } from '../../src/words/say.ts'
import { address, method, now, siteOf } from './samples.ts'

const url = 'https://id.boat.example/link/email-link?challenge=x&token=y'

/** Each mail that is sent, by name, as HTML and as text. */
export function mailsIn(locale: Locale): Record<string, { html: string; text: string }> {
  const look = mailLook({ siteName: siteOf(locale), brand: {}, issuer: 'https://id.boat.example' })
  const messages: Record<string, Omit<Message, 'channel' | 'to' | 'locale'>> = {
    ...sentCodes(locale),
    ...notices(locale),
  }
  return Object.fromEntries(
    Object.entries(messages).map(([name, some]) => {
      const message: Message = { ...some, channel: 'email', to: address, locale }
      return [name, { html: asHtml(message, look), text: asText(message, look) }]
    }),
  )
}

function sentCodes(locale: Locale): Record<string, Omit<Message, 'channel' | 'to' | 'locale'>> {
  const values = { site: siteOf(locale), minutes: 10 }
  const of = (id: string, prefix = '') => {
    const own = method(id).words[locale]
    const part = (name: string) => say(locale, own[name] as string, values)
    return {
      subject: part(`${prefix}subject`),
      paragraphs: [part(`${prefix}text`), part('advice')],
      code: '626927',
      ...(own.open !== undefined && { link: { url, label: own.open } }),
    }
  }
  const { verification } = allWords[locale]
  return {
    'sign-in-code': of('email-code'),
    'sign-in-link': of('email-link'),
    'recovery-code': of('email-code', 'recover_'),
    verification: {
      subject: verification.subject,
      paragraphs: [say(locale, verification.text, values), verification.advice],
      code: '626927',
    },
  }
}

function notices(locale: Locale): Record<string, Omit<Message, 'channel' | 'to' | 'locale'>> {
  const own = allWords[locale].notices
  const label = method('passkey').words[locale].label as string
  const details = say(locale, own.details, {
    time: sayTime(locale, now, { zone: 'Asia/Seoul', isNamed: true }),
    ...{ source: '203.0.113.7', agent: 'Chrome · Linux' },
  })
  return Object.fromEntries(
    noticeKinds.map((kind) => [
      kind,
      {
        subject: own[kind].subject,
        paragraphs: [
          say(locale, own[kind].text, { method: label }),
          details,
          kind === 'account_deleted' ? own.contact : own.advice,
        ],
        ...(kind === 'identifier_changed' && { link: { url, label: own.undo } }),
      },
    ]),
  )
}
