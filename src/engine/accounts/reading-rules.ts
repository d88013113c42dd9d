import type { ReadingRules } from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import type { AccountNeeds } from './needs.ts'

/** Where a language is spoken in one country, nearly always. */
const countryOf: Readonly<Partial<Record<Locale, string>>> = { ko: 'KR', ja: 'JP' }

/**
 * How typed identifiers are read: a number without `+` in the deployment's country, or else in that of the
 * reader's language.
 */
export const readingRules = ({ settings }: Pick<AccountNeeds, 'settings'>, locale: Locale): ReadingRules => ({
  phoneCountry: settings.phoneCountry ?? countryOf[locale] ?? null,
  localHosts: settings.localHosts,
})
