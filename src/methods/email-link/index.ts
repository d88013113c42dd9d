import type { MethodDefinition } from '../../domain/method.ts'
import { codeDigits, codeSecondsMax, codeTries, maskEmail, plainCode } from '../../domain/one-time-code.ts'
import { form } from './form.ts'
import { type Answer, answer, approval, type Data, data, type Settings, type State, settings, state } from './schema.ts'
import { words } from './words.ts'

const kind = 'email'
const tokenBytes = 32
const numberDigits = 2

/** A link sent to the account's mail address. Opening it spends nothing; a button does, and a code is there for whoever reads mail elsewhere. */
export const emailLink: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'email-link',
  canClaim: { amr: ['otp'], factors: ['possession'], phishingResistant: false, userVerified: false, standsAlone: true, standsIn: false },
  offered: true,
  sends: 'email',
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: ({ account }) =>
    account.identifiers.some((identifier) => identifier.kind === kind) ? { claims: emailLink.canClaim, identifier: kind } : undefined,

  async begin({ account, knowsAccount, hint, random, secrets, limits, ownerLocale, siteName, issuer, challengeId }) {
    const identifier = account?.identifiers.find((identifier) => identifier.kind === kind)
    const token = random.bytes(tokenBytes).toString('base64url')
    const code = random.digits(codeDigits)
    const number = random.digits(numberDigits)
    const expiresInSeconds = Math.min(codeSecondsMax, limits.codeSecondsMax)
    const shown = knowsAccount ? identifier?.value : hint?.kind === kind ? hint.value : undefined
    const text = words[ownerLocale]
    return {
      challenge: { sent_to: shown ? maskEmail(shown) : '***', expires_in: expiresInSeconds, number },
      state: { tokenHash: secrets.hash(token), codeHash: secrets.hash(code), to: identifier?.value ?? '', number, approved: false },
      expiresInSeconds,
      tries: codeTries,
      ...(identifier && {
        send: {
          channel: 'email',
          to: identifier.value,
          locale: ownerLocale,
          subject: (text.subject as string).replace('{site}', siteName),
          paragraphs: [(text.text as string).replace('{minutes}', String(Math.ceil(expiresInSeconds / 60))), text.advice as string],
          code,
          link: { url: `${issuer}/link/${emailLink.id}?challenge=${challengeId}&token=${token}`, label: text.open as string },
        },
      }),
    }
  },

  async prove({ account, secrets }, { tokenHash, codeHash, to, approved }, answer) {
    const fits =
      'token' in answer
        ? secrets.matches(answer.token, tokenHash)
        : 'code' in answer
          ? secrets.matches(plainCode(answer.code), codeHash)
          : approved
    const identifier = account?.identifiers.find((identifier) => identifier.kind === kind && identifier.value === to)
    if (!fits || !identifier) return { outcome: 'refused', reason: identifier ? 'wrong' : 'no_identifier' }
    return { outcome: 'proved', by: { identifier }, claims: emailLink.canClaim }
  },

  approve: {
    answer: approval,
    finish({ secrets }, state, { token, number }) {
      // Both, always: which of the two was wrong is nobody's business.
      const [hasToken, hasNumber] = [
        secrets.matches(String(token), state.tokenHash),
        secrets.matches(String(number), secrets.hash(state.number)),
      ]
      return hasToken && hasNumber ? { ...state, approved: true } : undefined
    },
    holds: ({ secrets }, state, token) => secrets.matches(token, state.tokenHash),
  },
}
