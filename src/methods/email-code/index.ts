import type { MethodDefinition } from '../../domain/method.ts'
import { maskEmail } from '../../domain/one-time-code.ts'
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

const reach: Reach = { kind: 'email', channel: 'email', verifiedOnly: false, mask: maskEmail, words }

/** A code sent to the account's mail address. The first one that comes back verifies it. */
export const emailCode: MethodDefinition<Settings, Data, SentCodeState, SentCodeAnswer> = {
  id: 'email-code',
  canClaim: { amr: ['otp'], factors: ['possession'], phishingResistant: false, userVerified: false, standsAlone: true, standsIn: false },
  offered: true,
  sends: reach.channel,
  settings,
  data,
  state: sentCodeState,
  answer: sentCodeAnswer,
  form: sentCodeForm,
  words,
  offer: ({ account }) => offerSentCode(account, reach, emailCode.canClaim),
  begin: async (ctx) => beginSentCode(ctx, reach),
  prove: async (ctx, { codeHash, to }, { code }) =>
    proveSentCode(ctx, { fits: fitsCode(ctx, code, codeHash), to, reach, claims: emailCode.canClaim }),
}
