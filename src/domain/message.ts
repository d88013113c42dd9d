import type { Locale } from './locale.ts'

/**
 * Something that goes out by mail or as a text message. `delivery` gives it its form; nothing in it is
 * markup.
 */
export interface Message {
  channel: 'email' | 'sms'
  /** A normalised address or number. */
  to: string
  locale: Locale
  subject: string
  paragraphs: readonly string[]
  /** Shown large, alone on its line. */
  code?: string
  /** On the issuer's own address. */
  link?: { url: string; label: string }
  /** Milliseconds since the epoch; past that, it is worth nothing and does not go out. */
  notAfter?: number
}
