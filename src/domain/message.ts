import type { Locale } from './locale.ts'

/** How mails look: the site's name and colours, and the words at their end. */
export interface MailLook {
  siteName: string
  /** Of buttons, on light and on dark, each with the colour of the text on it; `#rrggbb`. */
  accent: Record<'light' | 'dark', { ground: string; ink: string }>
  /** Of the account's own page. */
  accountUrl: string
  words: Readonly<Record<Locale, { sentBy: string; account: string }>>
}

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
