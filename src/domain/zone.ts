import { remembered } from './remembered.ts'

const shape = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/
const knownMax = 1000 // there are about 600, with their other names

const hasCalendar = remembered(knownMax, (timeZone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
})

/** Whether this is a time zone of the IANA database, such as `Asia/Seoul`. */
export const isZone = (text: string): boolean => shape.test(text) && hasCalendar(text)
