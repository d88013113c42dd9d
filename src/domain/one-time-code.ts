/** Codes that are sent: six digits, ten minutes, five tries (DESIGN.md §6). */
export const codeDigits = 6
export const codeSecondsMax = 600
export const codeTries = 5

export const codePattern = '^[0-9]{3} ?[0-9]{3}$'
/** As it was sent, however it was typed. */
export const plainCode = (text: string): string => text.replaceAll(' ', '')

/** `k***@example.com`: enough for its owner to know it, too little for anybody else to use it. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  return `${[...address][0] ?? ''}***${address.slice(at)}`
}

/** `+82***5678` */
export const maskPhone = (number: string): string => `${number.slice(0, 3)}***${number.slice(-4)}`
