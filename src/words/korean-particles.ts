const [firstSyllable, lastSyllable, finals] = [0xac00, 0xd7a3, 28]
const rieul = 8 // ㄹ, after which 으로 becomes 로

/** Digits and letters as they are read: 0 영, 1 일, 3 삼, 6 육, 7 칠, 8 팔; L 엘, M 엠, N 엔, R 알. */
const readWithFinal: Readonly<Record<string, number>> = {
  '0': 21,
  '1': rieul,
  '3': 16,
  '6': 1,
  '7': rieul,
  '8': rieul,
  l: rieul,
  m: 16,
  n: 4,
  r: rieul,
}

/** Names that are read with a final consonant which their last letter does not show. */
const readAsWritten: Readonly<Record<string, number>> = {
  chrome: 16,
  line: 4,
  google: rieul,
  apple: rieul,
  slack: 1,
  facebook: 1,
  payco: 0,
  gitlab: 17,
}

const pairs: Readonly<Record<string, readonly [string, string]>> = {
  '을(를)': ['을', '를'],
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
  '와(과)': ['과', '와'],
  '(으)로': ['으로', '로'],
}
const written =
  /(\p{sc=Latin}+|[\p{L}\p{N}])([^\p{L}\p{N}\s]*)(을\(를\)|이\(가\)|은\(는\)|와\(과\)|\(으\)로)/gu

/**
 * Chooses the right form of a particle written in both forms, such as 을(를). After a word whose ending cannot
 * be read, the vowel form is used.
 */
export const chooseParticles = (text: string): string =>
  text.replaceAll(written, (_whole, last: string, marks: string, both: string) => {
    const [afterFinal, afterVowel] = pairs[both] as readonly [string, string]
    const final = readAsWritten[last.toLowerCase()] ?? finalOf([...last].at(-1) as string)
    return last + marks + (final === 0 || (both === '(으)로' && final === rieul) ? afterVowel : afterFinal)
  })

/** Which consonant a syllable ends in; 0 where it ends in a vowel (Unicode 3.12, Hangul composition). */
function finalOf(character: string): number {
  const code = character.codePointAt(0) as number
  if (code >= firstSyllable && code <= lastSyllable) return (code - firstSyllable) % finals
  return readWithFinal[character.toLowerCase()] ?? 0
}
