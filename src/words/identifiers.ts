import type { IdentifierKind } from '../domain/identifier.ts'
import type { Locale } from '../domain/locale.ts'
import type { NamedFault } from './language.ts'
import { allWords } from './languages.ts'

/** One sentence on what is wrong with an identifier. */
export function identifierFaultWords(kind: IdentifierKind, fault: NamedFault, locale: Locale): string {
  const { kinds, faults } = allWords[locale].identifiers
  return faults[fault](kinds[kind])
}
