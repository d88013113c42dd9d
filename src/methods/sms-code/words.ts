import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Code by text message',
    code: 'Code from the text message',
    subject: '{site} sign-in code',
    text: 'Valid for {minutes} minutes.',
    advice: 'Do not share it with anyone.',
    wrong: 'Wrong code. Check the newest message.',
  },
  ko: {
    label: '문자 인증번호',
    code: '인증번호',
    subject: '{site} 로그인 인증번호',
    text: '{minutes}분 동안 유효합니다.',
    advice: '누구에게도 알려 주지 마세요.',
    wrong: '인증번호가 맞지 않습니다. 가장 최근에 받은 문자를 확인해 주세요.',
  },
  ja: {
    label: 'SMSの確認コード',
    code: '確認コード',
    subject: '{site}のログイン確認コード',
    text: '{minutes}分間有効です。',
    advice: '誰にも教えないでください。',
    wrong: '確認コードが正しくありません。最新のSMSをご確認ください。',
  },
}
