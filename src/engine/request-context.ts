import { hashSecret } from '../crypto/equal.ts'
import type { Clock } from '../domain/clock.ts'
import type { Locale } from '../domain/locale.ts'

/** Who asks, and when: read once a request. `source` is an address, an IPv6 one cut to its /64. */
export interface Requester {
  /** When the request came, in milliseconds since the epoch. All that it writes and judges goes by this. */
  now: number
  source: string
  userAgent: string | null
  locale: Locale
  /** The time zone of the browser, as it said before (IANA); null if it is not known. */
  zone: string | null
  /** The random value of this browser's cookie; null for programs, and on a browser's first request. */
  browser: string | null
  /** False for programs, which keep no cookies unless they show one. */
  isBrowser: boolean
}

/** The stored hash of a browser's secret; one hash per use, so that they cannot be interchanged. */
export const browserHash = (
  use: 'attempt' | 'device' | 'remembered' | 'departure',
  browser: string,
): string => hashSecret(`${use}:${browser}`)

/** Identifies a device: by the browser's cookie, or else by user agent and address. */
export const deviceOf = ({ browser, userAgent, source }: Requester): string =>
  browser === null ? hashSecret(JSON.stringify([userAgent, source])) : browserHash('device', browser)

/** The command line, and the server itself. */
export const systemRequester = ({ clock }: { clock: Clock }): Requester => ({
  ...{
    now: clock.now(),
    source: 'cli',
    userAgent: null,
    locale: 'en',
    zone: null,
    browser: null,
    isBrowser: false,
  },
})
