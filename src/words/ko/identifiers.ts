import type { IdentifierWords } from '../language.ts'

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds: { email: '이메일 주소', username: '사용자 이름', phone: '전화번호' },
  faults: {
    malformed: (kind) => `올바른 형식이 아닙니다: ${kind}.`,
    too_long: (kind) => `너무 깁니다: ${kind}.`,
    forbidden_character: (kind) => `쓸 수 없는 문자가 들어 있습니다: ${kind}.`,
    needs_a_letter: (kind) => `글자가 하나 이상 있어야 합니다: ${kind}.`,
    country_unknown: () => '전화번호를 +82와 같은 국가 번호와 함께 적어 주세요.',
    taken: (kind) => `이미 쓰이고 있습니다: ${kind}.`,
    one_required: () => '이메일 주소, 사용자 이름, 전화번호 가운데 하나는 있어야 합니다.',
  },
}
