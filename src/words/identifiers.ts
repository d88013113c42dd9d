import type { Locale } from '../domain/account.ts'
import type { IdentifierFault, IdentifierKind } from '../domain/identifier.ts'

type Fault = IdentifierFault | 'one_required' | 'taken'

const kindWords: Record<Locale, Record<IdentifierKind, string>> = {
  en: { email: 'e-mail address', username: 'username', phone: 'phone number' },
  ko: { email: '이메일 주소', username: '사용자 이름', phone: '전화번호' },
  ja: { email: 'メールアドレス', username: 'ユーザー名', phone: '電話番号' },
}

const faultWords: Record<Locale, Record<Fault, (kind: string) => string>> = {
  en: {
    malformed: (kind) => `This is not a valid ${kind}.`,
    too_long: (kind) => `This ${kind} is too long.`,
    forbidden_character: (kind) => `This ${kind} contains a character that is not allowed.`,
    needs_a_letter: (kind) => `A ${kind} needs at least one letter.`,
    country_unknown: (kind) => `Write the ${kind} with its country code, such as +82.`,
    taken: (kind) => `This ${kind} is taken.`,
    one_required: () => 'Give at least one of e-mail address, username and phone number.',
  },
  ko: {
    malformed: (kind) => `올바른 형식이 아닙니다: ${kind}.`,
    too_long: (kind) => `너무 깁니다: ${kind}.`,
    forbidden_character: (kind) => `쓸 수 없는 문자가 들어 있습니다: ${kind}.`,
    needs_a_letter: (kind) => `글자가 하나 이상 있어야 합니다: ${kind}.`,
    country_unknown: () => '전화번호를 +82와 같은 국가 번호와 함께 적어 주세요.',
    taken: (kind) => `이미 쓰이고 있습니다: ${kind}.`,
    one_required: () => '이메일 주소, 사용자 이름, 전화번호 가운데 하나는 있어야 합니다.',
  },
  ja: {
    malformed: (kind) => `${kind}の形式が正しくありません。`,
    too_long: (kind) => `${kind}が長すぎます。`,
    forbidden_character: (kind) => `${kind}に使えない文字が含まれています。`,
    needs_a_letter: (kind) => `${kind}には文字が1つ以上必要です。`,
    country_unknown: () => '電話番号は+81のような国番号を付けて入力してください。',
    taken: (kind) => `この${kind}は使われています。`,
    one_required: () => 'メールアドレス、ユーザー名、電話番号のいずれかが必要です。',
  },
}

export const identifierFaultWords = (kind: IdentifierKind, fault: Fault, locale: Locale): string =>
  faultWords[locale][fault](kindWords[locale][kind])
