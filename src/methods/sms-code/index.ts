import type { MethodDefinition } from '../../domain/method.ts'
import { codeDigits, codeSecondsMax, codeTries, maskPhone, plainCode } from '../../domain/one-time-code.ts'
import { form } from './form.ts'
import { type Answer, answer, type Data, data, type Settings, type State, settings, state } from './schema.ts'
import { words } from './words.ts'

const kind = 'phone'

/** A code sent to the account's telephone. */
export const smsCode: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'sms-code',
  canClaim: { amr: ['sms'], factors: ['possession'], phishingResistant: false, userVerified: false, standsAlone: true, standsIn: false },
  offered: true,
  sends: 'sms',
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: ({ account }) =>
    account.identifiers.some((identifier) => identifier.kind === kind && identifier.verifiedAt !== null)
      ? { claims: smsCode.canClaim, identifier: kind }
      : undefined,

  async begin({ account, knowsAccount, hint, random, secrets, limits, ownerLocale, siteName }) {
    const identifier = account?.identifiers.find((identifier) => identifier.kind === kind && identifier.verifiedAt !== null)
    const code = random.digits(codeDigits)
    const expiresInSeconds = Math.min(codeSecondsMax, limits.codeSecondsMax)
    // A stranger reads back what they typed, whether or not anybody has it.
    const shown = knowsAccount ? identifier?.value : hint?.kind === kind ? hint.value : undefined
    const text = words[ownerLocale]
    return {
      challenge: { sent_to: shown ? maskPhone(shown) : '***', expires_in: expiresInSeconds },
      state: { codeHash: secrets.hash(code), to: identifier?.value ?? '' },
      expiresInSeconds,
      tries: codeTries,
      ...(identifier && {
        send: {
          channel: 'sms',
          to: identifier.value,
          locale: ownerLocale,
          subject: (text.subject as string).replace('{site}', siteName),
          paragraphs: [(text.text as string).replace('{minutes}', String(Math.ceil(expiresInSeconds / 60))), text.advice as string],
          code,
        },
      }),
    }
  },

  async prove({ account, secrets }, { codeHash, to }, { code }) {
    const fits = secrets.matches(plainCode(code), codeHash)
    // The address it went to must still be the account's: a code for one that was changed proves nothing.
    const identifier = account?.identifiers.find((identifier) => identifier.kind === kind && identifier.value === to)
    if (!fits || !identifier) return { outcome: 'refused', reason: identifier ? 'wrong' : 'no_identifier' }
    return { outcome: 'proved', by: { identifier }, claims: smsCode.canClaim }
  },
}
