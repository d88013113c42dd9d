import type { MethodDefinition } from '../../domain/method.ts'
import { maskPhone } from '../../domain/one-time-code.ts'
import {
  beginSentCode,
  fitsCode,
  offerSentCode,
  proveSentCode,
  type Reach,
  type SentCodeAnswer,
  type SentCodeState,
  sentCodeAnswer,
  sentCodeForm,
  sentCodeState,
} from '../../domain/sent-code.ts'
import { type Data, data, type Settings, settings } from './schema.ts'
import { words } from './words.ts'

const reach: Reach = { kind: 'phone', channel: 'sms', verifiedOnly: true, mask: maskPhone, words }

/** A code sent to the account's telephone, once that was verified: text messages cost money. */
export const smsCode: MethodDefinition<Settings, Data, SentCodeState, SentCodeAnswer> = {
  id: 'sms-code',
  canClaim: { amr: ['sms'], factors: ['possession'], phishingResistant: false, userVerified: false, standsAlone: true, standsIn: false },
  offered: true,
  sends: reach.channel,
  settings,
  data,
  state: sentCodeState,
  answer: sentCodeAnswer,
  form: sentCodeForm,
  words,
  offer: ({ account }) => offerSentCode(account, reach, smsCode.canClaim),
  begin: async (ctx) => beginSentCode(ctx, reach),
  prove: async (ctx, { codeHash, to }, { code }) =>
    proveSentCode(ctx, { fits: fitsCode(ctx, code, codeHash), to, reach, claims: smsCode.canClaim }),
}
