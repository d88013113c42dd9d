import { asHtml, asText } from '../../src/delivery/message-form.ts'
import type { Locale } from '../../src/domain/locale.ts'
import type { Message } from '../../src/domain/message.ts'
import { codeMessage } from '../../src/domain/sent-code.ts'
import { messageFor } from '../../src/engine/messages/notify.ts'
import type { Requester } from '../../src/engine/request-context.ts'
import { mailLook } from '../../src/mail-look.ts'
import { methods } from '../../src/methods/index.ts'
import { noticeKinds } from '../../src/words/language.ts'
import { verificationMessage } from '../../src/words/verification.ts'
import * as sample from './samples.ts'

const { address: to, method, now, siteOf } = sample
const url = 'https://id.boat.example/link/email-link?challenge=x&token=y'
const code = '626927'

/** Each mail that is sent, by name, as HTML and as text. */
export function mailsIn(locale: Locale): Record<string, { html: string; text: string }> {
  const look = mailLook({ siteName: siteOf(locale), brand: {}, issuer: 'https://id.boat.example' })
  return Object.fromEntries(
    Object.entries({ ...sentCodes(locale), ...notices(locale) }).map(([name, message]) => [
      name,
      { html: asHtml(message, look), text: asText(message, look) },
    ]),
  )
}

function sentCodes(locale: Locale): Record<string, Message> {
  const sent = (id: string, isRecovery = false): Message => {
    const { words } = method(id)
    const label = words[locale].open
    return codeMessage(
      { channel: 'email', words },
      {
        ...{ to, locale, siteName: siteOf(locale), isRecovery, code, expiresInSeconds: 600 },
        ...(label !== undefined && { link: { url, label } }),
      },
    )
  }
  return {
    'sign-in-code': sent('email-code'),
    'sign-in-link': sent('email-link'),
    'recovery-code': sent('email-code', true),
    verification: verificationMessage({ kind: 'email', to, code, locale, minutes: 10 }),
  }
}

function notices(locale: Locale): Record<string, Message> {
  const { userAgent, source } = sample.session()
  const requester: Requester = {
    ...{ now, source: source ?? '', userAgent, locale, zone: 'Asia/Seoul', browser: null, isBrowser: true },
  }
  const host = { methods: { find: (id: string) => methods.find((one) => one.id === id) } }
  return Object.fromEntries(
    noticeKinds.map((notice) => [
      notice,
      messageFor(
        host,
        {
          ...{ account: sample.account(locale), notice, method: 'passkey', requester },
          ...(['identifier_changed', 'sign_up_tried'].includes(notice) && { link: url }),
        },
        { kind: 'email', value: to },
      ),
    ]),
  )
}
