import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation}에서 초대했습니다',
  invitedText:
    '{site}에서 {organisation}의 구성원으로 초대받았습니다. 링크를 열어 참여해 주세요. 링크는 {days}일 동안 한 번만 사용할 수 있습니다.',
  invitedAdvice: '모르는 곳의 초대라면 아무것도 하지 않으셔도 됩니다. 링크를 다른 사람에게 전달하지 마세요.',
  join: '초대 보기',
  domainLost: '{about} 도메인의 확인이 풀렸습니다',
  domainLostText:
    '{about}의 TXT 레코드가 없어져 더 이상 {organisation}의 도메인이 아닙니다. 레코드를 다시 등록한 뒤 도메인을 확인해 주세요.',
  secretExpires: '{about}의 인증서가 {day}에 만료됩니다',
  secretExpiresText:
    '인증서 또는 시크릿이 {day}에 만료되면 {about}(으)로 로그인할 수 없습니다. 그 전에 새것으로 바꿔 주세요.',
  open: '조직 열기',
}
