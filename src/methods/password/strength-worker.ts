import { parentPort } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'

// Keys instead of sentences: words.ts has them in every language.
const keysOf = <T extends object>(words: T): T => Object.fromEntries(Object.keys(words).map((key) => [key, key])) as T

// Of the English lists only first names: the larger ones double the memory, and the passwords made of their words that anybody
// would try early stand in the list of common passwords already.
const words = { 'firstnames-en': english.dictionary['firstnames-en'] }

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...words },
  graphs: common.adjacencyGraphs,
  translations: {
    ...english.translations,
    warnings: keysOf(english.translations.warnings),
    suggestions: keysOf(english.translations.suggestions),
  },
})

parentPort?.on('message', ({ id, password, ownWords }: { id: number; password: string; ownWords: string[] }) => {
  const { score, guessesLog10, feedback, sequence } = zxcvbn.check(password, ownWords)
  const [only] = sequence
  const isCommon = sequence.length === 1 && (only as { dictionaryName?: string } | undefined)?.dictionaryName === 'passwords-common'
  parentPort?.postMessage({ id, score, guessesLog10, warning: feedback.warning, suggestions: feedback.suggestions, isCommon })
})
