import type { ReadingRules } from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import type { AccountNeeds } from './needs.ts'

/** The country of languages that are mostly spoken in one. */
const countryOf: Readonly<Partial<Record<Locale, string>>> = { ko: 'KR', ja: 'JP' }

/**
 * How typed identifiers are read: a number without `+` in the deployment's country, or else in that of the
 * reader's language.
 */
export const readingRules = ({ settings }: Pick<AccountNeeds, 'settings'>, locale: Locale): ReadingRules => ({
  phoneCountry: settings.phoneCountry ?? countryOf[locale] ?? null,
  localHosts: settings.localHosts,
})
