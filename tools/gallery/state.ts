import type { Locale } from '../../src/domain/locale.ts'
import type { PageContent } from '../../src/pages/page-content.ts'

/** A page in one of its states, by name. */
export type States = Readonly<Record<string, PageContent>>

/** The states of one subject, in a language. */
export type StatesIn = (locale: Locale) => States
