import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Authenticator app',
    code: 'Six-digit code',
    wrong: 'The code is wrong. Check that the clock of your phone is right.',
    step_1: 'Install an authenticator app on your phone, such as Google Authenticator or 1Password.',
    step_2: 'Scan the QR code with it.',
    step_3: 'Type the six digits that the app shows.',
    ask: 'Enter the six digits that your authenticator app shows.',
  },
  ko: {
    label: '인증 앱',
    code: '6자리 코드',
    wrong: '인증 앱의 코드가 맞지 않습니다. 휴대전화의 시각이 정확한지 확인해 주세요.',
    step_1: '휴대전화에 Google Authenticator 등 인증 앱을 설치하세요.',
    step_2: '앱으로 QR 코드를 스캔하세요.',
    step_3: '앱에 표시된 6자리 코드를 입력하세요.',
    ask: 'Google Authenticator 등 인증 앱에 표시된 6자리 코드를 입력하세요.',
  },
  ja: {
    label: '認証アプリ',
    code: 'アプリに表示された6桁のコード',
    wrong: 'コードが一致しません。端末の時刻が正しいか確認してください。',
    step_1: 'スマートフォンにGoogle Authenticatorなどの認証アプリをインストールします。',
    step_2: 'アプリでQRコードを読み取ります。',
    step_3: 'アプリに表示された6桁のコードを入力します。',
    ask: 'Google Authenticatorなどの認証アプリに表示された6桁のコードを入力してください。',
  },
}
