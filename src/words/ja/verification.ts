import type { VerificationWords } from '../language.ts'

/** The message with a code that shows whether an address is the account's. */
export const verification: VerificationWords = {
  subject: 'アドレスの確認コード',
  text: '確認コードの入力画面に、このコードを入力してください。{minutes}分間有効です。',
  advice: '心当たりがなければ何もする必要はありません。コードは誰にも教えないでください。',
}
