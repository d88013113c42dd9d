import { hashSecret } from '../crypto/equal.ts'
import type { Locale } from '../domain/locale.ts'

/** Who is asking: as much as is known of a stranger. `source` is an address, an IPv6 one cut to its /64. */
export interface Requester {
  source: string
  userAgent: string | null
  locale: Locale
  /** The random value that this browser keeps in a cookie; null for programs, and for browsers that come the first time. */
  browser: string | null
  /** False for programs, which keep no cookies unless they show one. */
  isBrowser: boolean
}

/** What is kept of a browser's secret; each use has its own, so that one is worthless for the other. */
export const browserHash = (use: 'attempt' | 'device' | 'remembered', browser: string): string => hashSecret(`${use}:${browser}`)

/** Tells devices apart: by the browser's cookie, or else by its kind and address. */
export const deviceOf = ({ browser, userAgent, source }: Requester): string =>
  browser === null ? hashSecret(JSON.stringify([userAgent, source])) : browserHash('device', browser)

/** The command line of the server itself. */
export const systemRequester: Requester = { source: 'cli', userAgent: null, locale: 'en', browser: null, isBrowser: false }
