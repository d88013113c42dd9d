import { Type } from 'typebox'
import { claiming } from '../../../src/domain/evidence.ts'
import type { MethodDefinition } from '../../../src/domain/method.ts'
import { inEveryLanguage } from '../../../src/words/in-every-language.ts'

type Data = { wordHash: string }
const answer = Type.Object(
  { word: Type.String({ minLength: 3, maxLength: 40 }) },
  { additionalProperties: false },
)

/** A secret word. Everything that a method is, in one folder; the test beside it adds the one line. */
export const toy: MethodDefinition<Record<string, never>, Data, Record<string, never>, { word: string }> = {
  id: 'toy',
  canClaim: claiming({ amr: ['kba'], factors: ['knowledge'], standsAlone: true }),
  offered: true,
  settings: Type.Object({
    loud: Type.Integer({ default: 0, minimum: 0, maximum: 1, description: 'A setting of its own' }),
  }),
  data: Type.Object({ wordHash: Type.String() }),
  state: Type.Object({}),
  answer,
  form: [{ name: 'word', type: 'secret', autocomplete: 'off', label: 'label' }],
  words: inEveryLanguage('toy', { label: 'Secret word' }),
  offer: ({ credentials }) =>
    credentials.length > 0 ? { claims: toy.canClaim, identifier: null } : undefined,
  async prove({ credentials: [credential], secrets }, _state, { word }) {
    if (!credential || !secrets.matches(word, credential.data.wordHash))
      return { outcome: 'refused', reason: 'wrong' }
    return { outcome: 'proved', by: { credential }, claims: toy.canClaim }
  },
  enrol: {
    holds: 'one',
    answer,
    finish: async ({ secrets }, _state, { word }) => ({
      outcome: 'enrolled',
      credential: { lookup: null, name: null, data: { wordHash: secrets.hash(word) } },
      notes: {},
      proves: true,
    }),
  },
}
