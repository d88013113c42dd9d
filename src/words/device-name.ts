import bowser from 'bowser'
import type { Locale } from '../domain/locale.ts'
import { words } from './pages.ts'
import { say } from './say.ts'

/** A name for a device, from its user agent. */
export function deviceName(locale: Locale, userAgent: string | null): string {
  const { unknownDevice, browserOn } = words[locale].account
  if (userAgent === null || userAgent === '') return unknownDevice
  const { browser, os } = bowser.parse(userAgent)
  if (browser.name && os.name) return say(locale, browserOn, { browser: browser.name, system: os.name })
  // A program says its name first, as in `curl/8.5`.
  return browser.name || userAgent.split(/[/\s]/)[0] || unknownDevice
}
