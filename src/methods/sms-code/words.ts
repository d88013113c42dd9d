import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Code by text message',
    code: 'Code from the text message',
    subject: '{site} sign-in code',
    text: 'Valid for {minutes} minutes.',
    advice: 'Do not share it with anyone.',
  },
  ko: {
    label: '문자 메시지 코드',
    code: '문자로 받은 코드',
    subject: '{site} 로그인 코드',
    text: '{minutes}분 동안 쓸 수 있습니다.',
    advice: '누구에게도 알려 주지 마세요.',
  },
  ja: {
    label: 'SMSのコード',
    code: 'SMSで届いたコード',
    subject: '{site}のログインコード',
    text: '{minutes}分間有効です。',
    advice: '誰にも教えないでください。',
  },
}
