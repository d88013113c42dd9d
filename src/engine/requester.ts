import type { Locale } from '../domain/account.ts'

/** Who is asking: as much as is known of a stranger. `source` is an address, an IPv6 one cut to its /64. */
export interface Requester {
  source: string
  userAgent: string | null
  locale: Locale
}
