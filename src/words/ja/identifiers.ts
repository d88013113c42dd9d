import type { IdentifierWords } from '../language.ts'

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds: { email: 'メールアドレス', username: 'ユーザー名', phone: '電話番号' },
  faults: {
    malformed: (kind) => `${kind}の形式が正しくありません。`,
    too_long: (kind) => `${kind}が長すぎます。`,
    forbidden_character: (kind) => `${kind}に使えない文字が含まれています。`,
    needs_a_letter: (kind) => `${kind}には文字が1つ以上必要です。`,
    country_unknown: () => '電話番号は+81のような国番号を付けて入力してください。',
    taken: (kind) => `この${kind}は使われています。`,
    one_required: () => 'メールアドレス、ユーザー名、電話番号のいずれかが必要です。',
  },
}
