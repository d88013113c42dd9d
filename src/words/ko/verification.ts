import type { VerificationWords } from '../language.ts'

/** The message with a code that shows whether an address is the account's. */
export const verification: VerificationWords = {
  subject: '주소 확인 인증번호',
  text: '인증번호 입력 화면에 이 번호를 입력해 주세요. {minutes}분 동안 유효합니다.',
  advice: '요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 인증번호를 누구에게도 알려 주지 마세요.',
}
