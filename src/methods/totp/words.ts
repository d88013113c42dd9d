import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Authenticator app',
    code: 'Code from the app',
    wrong: 'The code is wrong. Check that the clock of your phone is right.',
  },
  ko: {
    label: '인증 앱',
    code: '앱에 표시된 코드',
    wrong: '코드가 맞지 않습니다. 휴대전화의 시각이 정확한지 확인해 주세요.',
  },
  ja: {
    label: '認証アプリ',
    code: 'アプリのコード',
    wrong: 'コードが一致しません。端末の時刻が正しいか確認してください。',
  },
}
