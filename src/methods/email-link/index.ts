import { claiming } from '../../domain/evidence.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { maskEmail } from '../../domain/one-time-code.ts'
import {
  beginSentCode,
  fitsCode,
  offerSentCode,
  proveSentCode,
  type Reach,
  sentCodeForm,
} from '../../domain/sent-code.ts'
import { type Answer, answer, type Data, data, type Settings, type State, settings, state } from './schema.ts'
import { words } from './words.ts'

const tokenBytes = 32
const numberDigits = 2
const reach: Reach = { kind: 'email', channel: 'email', verifiedOnly: false, mask: maskEmail, words }

/**
 * A link sent to the account's mail address. Opening the link does not use it up; the button on its page
 * does. The mail also holds a code, for reading it on another device.
 */
export const emailLink: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'email-link',
  canClaim: claiming({ amr: ['otp'], factors: ['possession'], standsAlone: true }),
  offered: true,
  sends: reach.channel,
  settings,
  data,
  state,
  answer,
  form: sentCodeForm,
  words,
  offer: ({ account }) => offerSentCode(account, reach, emailLink.canClaim),

  async begin(ctx) {
    const { random, secrets, issuer, challengeId, ownerLocale } = ctx
    const token = random.bytes(tokenBytes).toString('base64url')
    const number = random.digits(numberDigits)
    const url = `${issuer}/link/${emailLink.id}?challenge=${challengeId}&token=${token}`
    const begun = beginSentCode(ctx, reach, { url, label: words[ownerLocale].open ?? '' })
    return {
      ...begun,
      challenge: { ...begun.challenge, number },
      state: { ...begun.state, tokenHash: secrets.hash(token), number, approved: false },
    }
  },

  async prove(ctx, { tokenHash, codeHash, to, approved }, answer) {
    const byToken = 'token' in answer && ctx.secrets.matches(answer.token, tokenHash)
    const byCode = 'code' in answer && fitsCode(ctx, answer.code, codeHash)
    const byApproval = 'approved' in answer && approved
    return proveSentCode(ctx, {
      fits: byToken || byCode || byApproval,
      to,
      reach,
      claims: emailLink.canClaim,
    })
  },

  approve: {
    finish({ secrets }, state, { token, number }) {
      // Both are always compared, so that the reply does not tell which was wrong.
      const hasToken = secrets.matches(String(token), state.tokenHash)
      const hasNumber = secrets.matches(String(number), secrets.hash(state.number))
      return hasToken && hasNumber ? { ...state, approved: true } : undefined
    },
    holds: ({ secrets }, state, token) => secrets.matches(token, state.tokenHash),
  },
}
