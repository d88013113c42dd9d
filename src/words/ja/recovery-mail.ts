import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: '{site}のアカウントの復元',
  text: 'アカウントを再びご利用いただけるよう、運営者がお送りしたリンクです。リンクを開き、新しいパスワードを設定してください。{hours}時間以内に一度だけ使用できます。',
  advice: '心当たりがなければ何もせず、運営者にお知らせください。リンクを転送しないでください。',
}
