import { type Brand, defaultAccent, inkOn } from './domain/brand.ts'
import { type Locale, locales } from './domain/locale.ts'
import type { MailLook } from './domain/message.ts'
import { words } from './words/pages.ts'
import { say } from './words/say.ts'

/** Mails in the colours of the pages. */
export function mailLook({
  siteName,
  brand,
  issuer,
}: {
  siteName: string
  brand: Brand
  issuer: string
}): MailLook {
  const { light, dark } = brand.accent ?? defaultAccent
  const wordsOf = (locale: Locale) => {
    const { sentBy, account } = words[locale].site
    return { sentBy: say(locale, sentBy, { site: siteName }), account }
  }
  return {
    siteName,
    accent: { light: { ground: light, ink: inkOn(light) }, dark: { ground: dark, ink: inkOn(dark) } },
    accountUrl: `${issuer}/account`,
    words: Object.fromEntries(locales.map((locale) => [locale, wordsOf(locale)])) as MailLook['words'],
  }
}
