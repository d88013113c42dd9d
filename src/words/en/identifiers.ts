import type { IdentifierWords } from '../language.ts'

/** What is wrong with an e-mail address, username or phone number. */
export const identifiers: IdentifierWords = {
  kinds: { email: 'e-mail address', username: 'username', phone: 'phone number' },
  faults: {
    malformed: (kind) => `This is not a valid ${kind}.`,
    too_long: (kind) => `This ${kind} is too long.`,
    forbidden_character: (kind) => `This ${kind} contains a character that is not allowed.`,
    needs_a_letter: (kind) => `A ${kind} needs at least one letter.`,
    country_unknown: (kind) => `Write the ${kind} with its country code, such as +82.`,
    taken: (kind) => `This ${kind} is taken.`,
    one_required: () => 'Give at least one of e-mail address, username and phone number.',
  },
}
