import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: 'Recover your account at {site}',
  text: 'An operator sends you this link, so that you can get back into your account. Open it, and set a new password. It works once, for {hours} hours.',
  advice: 'If you did not ask for help, ignore this message and tell the operator. Do not forward the link.',
}
