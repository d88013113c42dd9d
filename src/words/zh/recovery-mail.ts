import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: '恢复您在 {site} 的账号',
  text: '管理员向您发送了此链接，以便您重新使用账号。请打开链接并设置新密码。链接在 {hours} 小时内有效，仅可使用一次。',
  advice: '如果您没有请求帮助，请忽略此邮件并告知管理员。请勿转发此链接。',
}
