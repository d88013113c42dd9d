/** Codes that are sent: six digits, ten minutes, five tries (DESIGN.md §6). */
export const codeDigits = 6
export const codeSecondsMax = 600
export const codeTries = 5

// What keyboards and copying leave around and between digits: spaces of all widths, marks of direction,
// dashes and dots.
const between =
  '[\\s\\u200b-\\u200f\\u2010-\\u2015\\u202a-\\u202e\\u2060-\\u2069\\u2212\\u30fb\\u30fc\\ufe63\\uff0d\\uff0e\\uff65._-]*'
const digit = '[0-9\\uff10-\\uff19]' // also as Japanese and Korean keyboards write them

/** A pattern for that many digits, however they are typed. */
export const digitsPattern = (min: number, max: number): string =>
  `^${between}(?:${digit}${between}){${min},${max}}$`
export const codePattern = digitsPattern(codeDigits, codeDigits)
/** As it was sent, however it was typed. */
export const plainCode = (text: string): string => text.normalize('NFKC').replaceAll(/[^0-9]/g, '')

/** `k***@example.com`: recognisable to its owner, of no use to others. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  return `${[...address][0] ?? ''}***${address.slice(at)}`
}

/** `+82***5678` */
export const maskPhone = (number: string): string => `${number.slice(0, 3)}***${number.slice(-4)}`
