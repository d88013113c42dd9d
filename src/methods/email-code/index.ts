import { maskEmail } from '../../domain/one-time-code.ts'
import { sentCodeMethod } from '../../domain/sent-code.ts'
import { words } from './words.ts'

/** A code sent to the account's mail address. The first correct code verifies the address. */
export const emailCode = sentCodeMethod({
  id: 'email-code',
  amr: 'otp',
  reach: { kind: 'email', channel: 'email', verifiedOnly: false, mask: maskEmail, words },
})
