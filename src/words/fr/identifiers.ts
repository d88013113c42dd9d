import type { IdentifierKind } from '../../domain/identifier.ts'
import type { IdentifierWords } from '../language.ts'

const kinds: Record<IdentifierKind, string> = {
  email: 'adresse e-mail',
  username: 'nom d’utilisateur',
  phone: 'numéro de téléphone',
}
/** Only the address is feminine. */
const asSubject = (kind: string): string => `${kind === kinds.email ? 'Cette' : 'Ce'} ${kind}`

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds,
  faults: {
    malformed: (kind) => `${asSubject(kind)} n’est pas valide.`,
    too_long: (kind) => `${asSubject(kind)} est trop ${kind === kinds.email ? 'longue' : 'long'}.`,
    forbidden_character: (kind) => `${asSubject(kind)} contient un caractère non autorisé.`,
    needs_a_letter: (kind) => `${asSubject(kind)} doit contenir au moins une lettre.`,
    country_unknown: () => 'Saisissez le numéro de téléphone avec l’indicatif du pays, par exemple +33.',
    taken: (kind) => `${asSubject(kind)} est déjà ${kind === kinds.email ? 'prise' : 'pris'}.`,
    one_required: () =>
      'Indiquez au moins une adresse e-mail, un nom d’utilisateur ou un numéro de téléphone.',
  },
}
