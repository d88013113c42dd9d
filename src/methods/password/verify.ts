import { baseForms, folded } from './common.ts'
import { lengthMax } from './schema.ts'
import type { Strength } from './strength.ts'

export type PasswordFault = 'too_short' | 'too_long' | 'common' | 'own_words' | 'guessable'

const leftoverLettersMin = 4
const leftoverMax = 8

/** Length in code points of the form that is hashed; some letters grow when they are normalised. Pure. */
export function lengthFault(password: string, lengthMin: number): PasswordFault | undefined {
  const length = [...password.normalize('NFKC')].length
  if (length < lengthMin) return 'too_short'
  return length > lengthMax ? 'too_long' : undefined
}

/** Passwords an attacker tries early (NIST SP 800-63B-4 §3.1.1.2); no composition rules. Pure. */
export function guessFault(
  password: string,
  userInputs: readonly string[],
  strength: Strength,
): PasswordFault | undefined {
  if (strength.isCommon) return 'common'
  if (isMadeOf(userInputs, password)) return 'own_words'
  return strength.score === 0 ? 'guessable' : undefined
}

/**
 * True if little remains of the password after removing the words that an attacker knows, in any combination
 * and with substitutes: a few digits and signs, and fewer letters than a word. Pure.
 */
function isMadeOf(userInputs: readonly string[], password: string): boolean {
  const longestFirst = [...new Set(userInputs.map(folded))].sort((a, b) => b.length - a.length)
  return [folded(password), ...baseForms(password)].some((form) => {
    const left = longestFirst.reduce((text, word) => text.replaceAll(word, ''), form)
    const letters = [...left].filter((character) => /\p{L}/u.test(character)).length
    return left.length < form.length && letters < leftoverLettersMin && [...left].length <= leftoverMax
  })
}
