import { claiming } from '../../domain/evidence.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { form } from './form.ts'
import {
  type Answer,
  answer,
  type Data,
  data,
  enrolAnswer,
  type Settings,
  type State,
  settings,
  state,
} from './schema.ts'
import { codesPerSet, fewLeft, newCode, readCode } from './verify.ts'
import { words } from './words.ts'

const remainingOf = ({ hashes }: Data): number => hashes.filter((hash) => hash !== null).length

/** Ten single-use codes for a lost factor. */
export const recoveryCode: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'recovery-code',
  canClaim: claiming({ amr: ['otp'], factors: ['knowledge'], standsIn: true }),
  offered: true,
  settings,
  data,
  state,
  answer,
  form,
  words,
  offer: ({ credentials }) =>
    credentials.some(({ data }) => remainingOf(data) > 0)
      ? { claims: recoveryCode.canClaim, identifier: null }
      : undefined,

  async prove({ credentials, hashing, ownerLocale }, _state, answer) {
    const { place, code } = readCode(answer.code)
    const [credential] = credentials
    const hash = credential?.data.hashes[place]
    if (!credential || !hash) {
      await hashing.verifyDecoy(code) // a used code costs the same as a wrong one
      return { outcome: 'refused', reason: credential ? 'already_used' : 'no_credential' }
    }
    if ((await hashing.verify(code, hash)) === 'wrong') return { outcome: 'refused', reason: 'wrong' }
    const left: Data = {
      hashes: credential.data.hashes.map((kept, index) => (index === place ? null : kept)),
    }
    const remaining = remainingOf(left)
    const warning =
      remaining <= fewLeft
        ? { warning: words[ownerLocale].few?.replace('{remaining}', String(remaining)) }
        : {}
    return {
      outcome: 'proved',
      by: { credential },
      claims: recoveryCode.canClaim,
      update: { id: credential.id, revision: credential.revision, data: left, win: 'must' },
      notes: { remaining, ...warning },
    }
  },

  enrol: {
    holds: 'one',
    answer: enrolAnswer as never,
    page: { form: [], shows: [{ part: 'codes', kind: 'codes' }] },
    async begin({ random }) {
      const codes = Array.from({ length: codesPerSet }, (_, place) => newCode(place, random))
      // Each begins with its place: in order they would look numbered.
      const shown = codes.toSorted((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1))
      return { challenge: { codes: shown }, state: { codes }, expiresInSeconds: 900 }
    },
    async finish({ hashing }, { codes = [] }) {
      const hashes: string[] = []
      for (const code of codes) hashes.push(await hashing.hash(code))
      return {
        outcome: 'enrolled',
        credential: { lookup: null, name: null, data: { hashes } },
        notes: { remaining: hashes.length },
        proves: false,
      }
    },
  },
  describe: (data) => ({ remaining: remainingOf(data) }),
}
