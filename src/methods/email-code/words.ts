import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Code by mail',
    code: 'Code from the mail',
    subject: 'Your sign-in code for {site}',
    text: 'Enter this code where you are signing in. It is valid for {minutes} minutes.',
    advice: 'If you are not signing in, you can ignore this message. Do not share the code with anyone.',
  },
  ko: {
    label: '메일 코드',
    code: '메일로 받은 코드',
    subject: '{site} 로그인 코드',
    text: '로그인 중인 화면에 이 코드를 입력해 주세요. {minutes}분 동안 쓸 수 있습니다.',
    advice: '로그인하고 있지 않다면 아무것도 하지 않으셔도 됩니다. 코드를 누구에게도 알려 주지 마세요.',
  },
  ja: {
    label: 'メールのコード',
    code: 'メールで届いたコード',
    subject: '{site}のログインコード',
    text: 'ログイン中の画面にこのコードを入力してください。{minutes}分間有効です。',
    advice: 'ログインしていない場合は、何もする必要はありません。コードは誰にも教えないでください。',
  },
}
