import { claiming } from '../../domain/evidence.ts'
import type { Locale } from '../../domain/locale.ts'
import type { Enrolment, MethodDefinition } from '../../domain/method.ts'
import type { Rating } from '../../domain/preview.ts'
import { form } from './form.ts'
import {
  type Answer,
  answer,
  currentField,
  type Data,
  data,
  type EnrolAnswer,
  enrolAnswer,
  type Settings,
  type State,
  settings,
  state,
} from './schema.ts'
import { estimateStrength, previewsWaitingMax, type Strength } from './strength.ts'
import { guessFault, lengthFault, type PasswordFault } from './verify.ts'
import { words } from './words.ts'

const id = 'password'

/** A password, hashed in the engine's queue. */
export const password: MethodDefinition<Settings, Data, State, Answer> = {
  id,
  canClaim: claiming({ amr: ['pwd'], factors: ['knowledge'], standsAlone: true }),
  offered: true,
  refusal: 'weak_password',
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: ({ credentials }) =>
    credentials.length > 0 ? { claims: password.canClaim, identifier: null } : undefined,

  async prove({ credentials, hashing, sealing }, _state, { password: given }) {
    const [credential] = credentials
    if (!credential) {
      await hashing.verifyDecoy(given) // an unknown name costs the same
      return { outcome: 'refused', reason: 'no_credential' }
    }
    const { hash: kept, secretSealed } = credential.data
    const secret = secretSealed === undefined ? undefined : sealing.open(secretSealed, credential.id)
    const verdict = await hashing.verify(given, kept, secret)
    if (verdict === 'wrong') return { outcome: 'refused', reason: 'wrong' }
    const proved = { outcome: 'proved', by: { credential }, claims: password.canClaim } as const
    if (verdict === 'matches') return proved
    // A full queue must not refuse a password that is already proved; a later sign-in upgrades the hash.
    const hash = await hashing.hash(given).catch(() => undefined)
    return hash
      ? {
          ...proved,
          update: { id: credential.id, revision: credential.revision, data: { hash }, win: 'may' },
        }
      : proved
  },

  enrol: {
    holds: 'one',
    answer: enrolAnswer as never,
    former: {
      field: { name: currentField, type: 'secret', autocomplete: 'current-password', label: 'current' },
      answerOf: (given) => {
        const { [currentField]: current } = given as EnrolAnswer
        return current === undefined ? undefined : { password: current }
      },
    },
    page: { form: form.map((field) => ({ ...field, autocomplete: 'new-password' })), shows: [] },
    async finish({ settings: { lengthMin }, locale, userInputs, hashing }, _state, { password: given }) {
      const tooShortOrLong = lengthFault(given, lengthMin)
      if (tooShortOrLong) return refused(tooShortOrLong, { locale, lengthMin })
      const strength = await estimateStrength(given, userInputs)
      const notes = { strength: describe(strength, locale) }
      const fault = guessFault(given, userInputs, strength)
      if (fault) return refused(fault, { locale, lengthMin, notes })
      return {
        outcome: 'enrolled',
        credential: { lookup: null, name: null, data: { hash: await hashing.hash(given) } },
        notes,
        proves: true,
      }
    },
    preview: {
      rule: ({ settings: { lengthMin }, locale }) => sayFault('rule', { locale, lengthMin }),
      async rate({ settings: { lengthMin }, locale, userInputs }, { password: given }) {
        const unfit = lengthFault(given, lengthMin)
        if (unfit) return rated(0, locale, sayFault(unfit, { locale, lengthMin }), false)
        const strength = await estimateStrength(given, userInputs, previewsWaitingMax)
        const fault = guessFault(given, userInputs, strength)
        if (fault) return rated(0, locale, sayFault(fault, { locale, lengthMin }), false)
        const { warning, suggestions } = describe(strength, locale)
        const score = strength.score as Rating['score']
        return rated(score, locale, score < 3 ? (warning ?? suggestions[0] ?? null) : null)
      },
    },
  },
  imports: {
    takes: 'password-hash',
    make({ credentialId, sealing, describeHash }, given) {
      if (given.type !== 'password-hash') return 'hash_unknown'
      const { hash, secret } = given
      const { fault } = describeHash(hash)
      if (fault && !given.isAsked) return fault
      const sealed = secret !== null && { secretSealed: sealing.seal(secret, credentialId) }
      return { id: credentialId, lookup: null, name: null, data: { hash, ...sealed } }
    },
  },
}

function refused(
  fault: PasswordFault,
  { locale, lengthMin, notes = {} }: { locale: Locale; lengthMin: number; notes?: Record<string, unknown> },
): Enrolment<Data> {
  const message = sayFault(fault, { locale, lengthMin })
  return { outcome: 'refused', errors: [{ field: `/${id}`, code: fault, message }], notes }
}

const sayFault = (
  fault: PasswordFault | 'rule',
  { locale, lengthMin }: { locale: Locale; lengthMin: number },
): string => (words[locale][fault] ?? fault).replace('{min}', String(lengthMin))

const rated = (
  score: Rating['score'],
  locale: Locale,
  message: string | null,
  isAccepted = true,
): Rating => ({
  score,
  isAccepted,
  label: words[locale][`score_${score}`] as string,
  message,
})

const describe = ({ score, guessesLog10, warning, suggestions }: Strength, locale: Locale) => ({
  score,
  guesses_log10: Math.round(guessesLog10 * 10) / 10,
  warning: warning ? (words[locale][`warning_${warning}`] ?? null) : null,
  suggestions: suggestions
    .map((key) => words[locale][`suggestion_${key}`])
    .filter((text) => text !== undefined),
})
