const shape = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/
const knownMax = 1000 // there are about 600, with their other names
const known = new Map<string, boolean>()

/** Whether this is a time zone of the IANA database, such as `Asia/Seoul`. */
export function isZone(text: string): boolean {
  if (!shape.test(text)) return false
  const found = known.get(text)
  if (found !== undefined) return found
  const isOne = hasCalendar(text)
  if (known.size < knownMax) known.set(text, isOne)
  return isOne
}

function hasCalendar(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
