import type { IdentifierKind } from '../../domain/identifier.ts'
import type { IdentifierWords } from '../language.ts'

const kinds: Record<IdentifierKind, string> = {
  email: 'E-Mail-Adresse',
  username: 'Benutzername',
  phone: 'Telefonnummer',
}
/** Only the username is masculine. */
const asSubject = (kind: string): string => `${kind === kinds.username ? 'Dieser' : 'Diese'} ${kind}`

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds,
  faults: {
    malformed: (kind) => `${asSubject(kind)} ist nicht gültig.`,
    too_long: (kind) => `${asSubject(kind)} ist zu lang.`,
    forbidden_character: (kind) => `${asSubject(kind)} enthält ein Zeichen, das nicht erlaubt ist.`,
    needs_a_letter: (kind) => `${asSubject(kind)} braucht mindestens einen Buchstaben.`,
    country_unknown: () => 'Gib die Telefonnummer mit Landesvorwahl ein, zum Beispiel +49.',
    taken: (kind) => `${asSubject(kind)} ist vergeben.`,
    one_required: () => 'Gib mindestens E-Mail-Adresse, Benutzername oder Telefonnummer an.',
  },
}
