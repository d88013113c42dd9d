import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Link by email',
    code: 'Code from the mail',
    subject: 'Your sign-in link for {site}',
    text: 'Open this link to sign in, or enter the code where you are signing in. Both are valid for {minutes} minutes, and work once.',
    advice:
      'If you are not signing in, you can ignore this message. Do not share the link or the code with anyone.',
    open: 'Sign in',
    wrong: 'Wrong code, or the link was not approved yet.',
    recover_subject: 'Recover your account at {site}',
    recover_text:
      'Open this link to recover your account, or enter the code where you are recovering it. Both are valid for {minutes} minutes, and work once.',
  },
  ko: {
    label: '이메일 로그인 링크',
    code: '인증번호',
    subject: '{site} 로그인 링크',
    text: '이 링크를 열어 로그인하거나, 로그인 중인 화면에 인증번호를 입력해 주세요. 둘 다 {minutes}분 동안 한 번만 사용할 수 있습니다.',
    advice:
      '로그인하고 있지 않다면 아무것도 하지 않으셔도 됩니다. 링크나 인증번호를 누구에게도 넘기지 마세요.',
    open: '로그인',
    wrong: '인증번호가 맞지 않거나 링크를 아직 승인하지 않았습니다.',
    recover_subject: '{site} 계정 복구 링크',
    recover_text:
      '이 링크를 열어 계정을 복구하거나, 계정을 복구하는 화면에 인증번호를 입력해 주세요. 둘 다 {minutes}분 동안 한 번만 사용할 수 있습니다.',
  },
  ja: {
    label: 'メールのログインリンク',
    code: '確認コード',
    subject: '{site}のログインリンク',
    text: 'このリンクを開いてログインするか、ログイン中の画面にコードを入力してください。どちらも{minutes}分間、一度だけ有効です。',
    advice: 'ログインしていない場合は、何もする必要はありません。リンクやコードは誰にも渡さないでください。',
    open: 'ログイン',
    wrong: '確認コードが正しくないか、リンクがまだ承認されていません。',
    recover_subject: '{site}のアカウント復元リンク',
    recover_text:
      'このリンクを開いてアカウントを復元するか、復元する画面に確認コードを入力してください。どちらも{minutes}分間、一度だけ有効です。',
  },
}
