import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: '{site} 계정 복구',
  text: '운영자가 계정을 다시 사용하실 수 있도록 보낸 링크입니다. 링크를 열고 새 비밀번호를 설정해 주세요. {hours}시간 동안 한 번만 사용할 수 있습니다.',
  advice:
    '도움을 요청하지 않으셨다면 아무것도 하지 말고 운영자에게 알려 주세요. 링크를 다른 사람에게 전달하지 마세요.',
}
