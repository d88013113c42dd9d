import { readFileSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { brotliDecompressSync } from 'node:zlib'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'
import { baseForms, folded } from './common.ts'
import { createWordList } from './word-list.ts'

// Keys instead of sentences: words.ts has the text in every language.
const keysOf = <T extends object>(words: T): T =>
  Object.fromEntries(Object.keys(words).map((key) => [key, key])) as T

// Of the English lists only first names: the larger ones double the memory, and their common words are in the
// list of common passwords already.
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

// The most common passwords of leaks: the estimator's list, and our own list of those it lacks and of those
// typed on Korean keyboards (docs/adr/0016).
const more = brotliDecompressSync(readFileSync(new URL('./common-passwords.br', import.meta.url))).toString(
  'utf8',
)
const isCommonPassword = createWordList([common.dictionary['passwords-common'].map(folded), more.split('\n')])

parentPort?.on(
  'message',
  ({ id, password, userInputs }: { id: number; password: string; userInputs: string[] }) => {
    const { score, guessesLog10, feedback } = zxcvbn.check(password, userInputs)
    const isCommon = baseForms(password).some(isCommonPassword)
    parentPort?.postMessage({
      id,
      score,
      guessesLog10,
      warning: feedback.warning,
      suggestions: feedback.suggestions,
      isCommon,
    })
  },
)
