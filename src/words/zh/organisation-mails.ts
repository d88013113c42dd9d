import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation} 邀请您加入',
  invitedText:
    '您受邀加入 {site} 上的 {organisation}。请打开链接加入。链接在 {days} 天内有效，只能使用一次。',
  invitedAdvice: '如果您不认识邀请方，请忽略此邮件。请勿转发链接。',
  join: '查看邀请',
  domainLost: '{about} 的验证已失效',
  domainLostText:
    '{about} 的 TXT 记录已不存在，该域名不再属于 {organisation}。请重新添加记录，然后验证域名。',
  secretExpires: '{about} 的证书将于 {day} 到期',
  secretExpiresText: '证书或密钥将于 {day} 到期，届时将无法通过 {about} 登录。请在此之前更换。',
  open: '打开组织',
}
