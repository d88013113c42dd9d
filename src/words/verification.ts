import type { Locale } from '../domain/account.ts'
import type { Message } from '../domain/message.ts'

const words: Readonly<Record<Locale, { subject: string; text: string; advice: string }>> = {
  en: {
    subject: 'Your code to confirm this address',
    text: 'Enter this code where you were asked for it. It is good for {minutes} minutes.',
    advice: 'If you did not ask for it, you need not do anything. Never tell the code to anybody.',
  },
  ko: {
    subject: '주소 확인 코드',
    text: '요청하신 곳에 이 코드를 입력해 주세요. {minutes}분 동안 쓸 수 있습니다.',
    advice: '요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 코드를 누구에게도 알려 주지 마세요.',
  },
  ja: {
    subject: 'アドレス確認コード',
    text: '求められた画面にこのコードを入力してください。{minutes}分間有効です。',
    advice: '心当たりがなければ何もする必要はありません。コードは誰にも教えないでください。',
  },
}

/** The message that shows whether an address or number is the account's. */
export function verificationMessage(given: {
  kind: 'email' | 'phone'
  to: string
  code: string
  locale: Locale
  minutes: number
}): Message {
  const { kind, to, code, locale, minutes } = given
  const { subject, text, advice } = words[locale]
  return {
    channel: kind === 'phone' ? 'sms' : 'email',
    to,
    locale,
    subject,
    paragraphs: [text.replace('{minutes}', String(minutes)), advice],
    code,
  }
}
