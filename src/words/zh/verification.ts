import type { VerificationWords } from '../language.ts'

export const verification: VerificationWords = {
  subject: '用于确认此地址的验证码',
  text: '请在要求输入的页面输入此验证码。有效期为 {minutes} 分钟。',
  advice: '如果您没有提出请求，请忽略此消息。请勿将验证码告诉任何人。',
}
