/** Substitutes for letters, except `1`, which has two readings. */
const signs: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '8': 'b',
  '3': 'e',
  '9': 'g',
  '!': 'i',
  '|': 'l',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
  '+': 't',
}
const outer = /^[^\p{L}]+|[^\p{L}]+$/gu
const baseLengthMin = 4
/** More characters than this around a common word are not guessable. */
const paddingMax = 8

// Two-set Korean keyboard: what lies under the keys of a Latin one, by the order of Unicode's jamo (KS X
// 5002).
const leads = 'r R s e E f a q Q t T d w W c z x v g'.split(' ')
const vowels = 'k o i O j p u P h hk ho hl y n nj np nl b m ml l'.split(' ')
const tails = ' r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g'.split(' ')
const [firstSyllable, lastSyllable] = [0xac00, 0xd7a3]

/** Korean typed with the keyboard in Latin mode, and the reverse. Pure. */
export function asTyped(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) as number
      if (code < firstSyllable || code > lastSyllable) return character
      const place = code - firstSyllable
      const [lead, vowel, tail] = [Math.floor(place / 588), Math.floor((place % 588) / 28), place % 28]
      return `${leads[lead]}${vowels[vowel]}${tails[tail]}`
    })
    .join('')
}

/** The comparison form of list words, names and passwords: lower case, in both keyboard modes. Pure. */
export const folded = (text: string): string => asTyped(text.normalize('NFKC')).toLowerCase()

/** With substitutes replaced by letters, in both readings of `1`. */
const readings = (text: string): string[] =>
  ['i', 'l'].map((one) => [...text].map((sign) => (sign === '1' ? one : (signs[sign] ?? sign))).join(''))

/** Repetitions reduced to one. */
const unrepeated = (text: string): string => /^(.+?)\1+$/su.exec(text)?.[1] ?? text

/**
 * The base word of a password, for an attacker who tries common words with usual changes: folded, substitutes
 * replaced, digits and signs at the ends removed, repetitions reduced. Pure.
 */
export function baseForms(password: string): string[] {
  const whole = folded(password)
  const forms = new Set<string>()
  for (const form of [whole, ...readings(whole)]) {
    const inner = form.replaceAll(outer, '')
    const isShort = [...form].length - [...inner].length <= paddingMax
    const bases = [
      form,
      ...(isShort && [...inner].length >= baseLengthMin ? [inner, ...readings(inner)] : []),
    ]
    for (const base of bases) forms.add(base).add(unrepeated(base))
  }
  return [...forms]
}
