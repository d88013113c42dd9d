import type { Locale } from './locale.ts'

/** A mail or text message as plain content. `delivery` renders it; it holds no markup. */
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
  /** Milliseconds since the epoch; not sent after that. */
  notAfter?: number
}
