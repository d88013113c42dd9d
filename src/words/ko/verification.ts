import type { VerificationWords } from '../language.ts'

/** The message with a code that shows whether an address is the account's. */
export const verification: VerificationWords = {
  subject: '주소 확인 코드',
  text: '요청하신 곳에 이 코드를 입력해 주세요. {minutes}분 동안 쓸 수 있습니다.',
  advice: '요청하지 않으셨다면 아무것도 하지 않으셔도 됩니다. 코드를 누구에게도 알려 주지 마세요.',
}
