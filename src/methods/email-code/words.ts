import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Code by email',
    code: 'Code from the mail',
    subject: 'Your sign-in code for {site}',
    text: 'Enter this code where you are signing in. It is valid for {minutes} minutes.',
    advice: 'If you are not signing in, you can ignore this message. Do not share the code with anyone.',
    wrong: 'Wrong code. Check the newest mail.',
    recover_subject: 'Recover your account at {site}',
    recover_text: 'Enter this code where you are recovering your account. It is valid for {minutes} minutes.',
  },
  ko: {
    label: '이메일 인증번호',
    code: '인증번호',
    subject: '{site} 로그인 인증번호',
    text: '로그인 중인 화면에 이 인증번호를 입력해 주세요. {minutes}분 동안 유효합니다.',
    advice: '로그인하고 있지 않다면 아무것도 하지 않으셔도 됩니다. 인증번호를 누구에게도 알려 주지 마세요.',
    wrong: '인증번호가 맞지 않습니다. 가장 최근에 받은 메일을 확인해 주세요.',
    recover_subject: '{site} 계정 복구 인증번호',
    recover_text: '계정을 복구하는 화면에 이 인증번호를 입력해 주세요. {minutes}분 동안 유효합니다.',
  },
  ja: {
    label: 'メールの確認コード',
    code: '確認コード',
    subject: '{site}のログイン確認コード',
    text: 'ログイン中の画面にこのコードを入力してください。{minutes}分間有効です。',
    advice: 'ログインしていない場合は、何もする必要はありません。コードは誰にも教えないでください。',
    wrong: '確認コードが正しくありません。最新のメールをご確認ください。',
    recover_subject: '{site}のアカウント復元コード',
    recover_text: 'アカウントを復元する画面にこの確認コードを入力してください。{minutes}分間有効です。',
  },
}
