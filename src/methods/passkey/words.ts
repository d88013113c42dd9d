import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Passkey',
    signIn: 'Sign in with a passkey',
    refused: 'The passkey could not be set up. Try again, on the device where you want to use it.',
    model: 'This kind of authenticator is not allowed here.',
    step_1: 'Press the button below.',
    step_2: 'Confirm with your fingerprint, face or screen lock.',
    step_3: 'Done: next time you sign in with it, on all devices that share your passkeys.',
  },
  ko: {
    label: '패스키',
    signIn: '패스키로 로그인',
    refused: '패스키를 등록하지 못했습니다. 사용할 기기에서 다시 시도해 주세요.',
    model: '여기에서는 이 종류의 인증기를 쓸 수 없습니다.',
    step_1: '아래 버튼을 누르세요.',
    step_2: '지문, 얼굴 또는 화면 잠금으로 확인하세요.',
    step_3: '이제 패스키를 공유하는 모든 기기에서 이 패스키로 로그인할 수 있습니다.',
  },
  ja: {
    label: 'パスキー',
    signIn: 'パスキーでログイン',
    refused: 'パスキーを登録できませんでした。使う端末でもう一度お試しください。',
    model: 'この種類の認証器はここでは使えません。',
    step_1: '下のボタンを押します。',
    step_2: '指紋、顔、または画面ロックで確認します。',
    step_3: '次回から、パスキーを共有するすべての端末でログインできます。',
  },
}
