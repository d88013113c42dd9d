import { chooseParticles } from '../korean-particles.ts'
import type { IdentifierWords } from '../language.ts'

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds: { email: '이메일 주소', username: '사용자 이름', phone: '전화번호' },
  faults: {
    malformed: (kind) => `${kind} 형식이 올바르지 않습니다.`,
    too_long: (kind) => chooseParticles(`${kind}이(가) 너무 깁니다.`),
    forbidden_character: (kind) => `${kind}에 사용할 수 없는 문자가 있습니다.`,
    needs_a_letter: (kind) => `${kind}에는 글자가 하나 이상 필요합니다.`,
    country_unknown: () => '전화번호를 +82와 같은 국가 번호와 함께 입력해 주세요.',
    taken: (kind) => `이미 사용 중인 ${kind}입니다.`,
    one_required: () => '이메일 주소, 사용자 이름, 전화번호 중 하나는 입력해 주세요.',
  },
}
