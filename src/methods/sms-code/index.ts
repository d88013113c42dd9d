import { maskPhone } from '../../domain/one-time-code.ts'
import { sentCodeMethod } from '../../domain/sent-code.ts'
import { words } from './words.ts'

/** A code sent to the account's phone number. Verified numbers only: text messages cost money. */
export const smsCode = sentCodeMethod({
  id: 'sms-code',
  amr: 'sms',
  reach: { kind: 'phone', channel: 'sms', verifiedOnly: true, mask: maskPhone, words },
})
