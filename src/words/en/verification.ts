import type { VerificationWords } from '../language.ts'

/** The message with a code that shows whether an address is the account's. */
export const verification: VerificationWords = {
  subject: 'Your code to confirm this address',
  text: 'Enter this code where you were asked for it. It is valid for {minutes} minutes.',
  advice: 'If you did not ask for it, you can ignore this message. Do not share the code with anyone.',
}
