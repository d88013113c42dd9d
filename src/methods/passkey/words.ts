import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Passkey',
    signIn: 'Sign in with a passkey',
    refused: 'The passkey could not be set up. Try again, on the device where you want to use it.',
    model: 'This kind of authenticator is not allowed here.',
  },
  ko: {
    label: '패스키',
    signIn: '패스키로 로그인',
    refused: '패스키를 등록하지 못했습니다. 사용할 기기에서 다시 시도해 주세요.',
    model: '여기에서는 이 종류의 인증기를 쓸 수 없습니다.',
  },
  ja: {
    label: 'パスキー',
    signIn: 'パスキーでログイン',
    refused: 'パスキーを登録できませんでした。使う端末でもう一度お試しください。',
    model: 'この種類の認証器はここでは使えません。',
  },
}
