import type { IdentifierWords } from '../language.ts'

export const identifiers: IdentifierWords = {
  kinds: { email: 'correo electrónico', username: 'nombre de usuario', phone: 'número de teléfono' },
  faults: {
    malformed: (kind) => `Este ${kind} no es válido.`,
    too_long: (kind) => `Este ${kind} es demasiado largo.`,
    forbidden_character: (kind) => `Este ${kind} contiene un carácter no permitido.`,
    needs_a_letter: (kind) => `El ${kind} necesita al menos una letra.`,
    country_unknown: (kind) => `Escribe el ${kind} con el prefijo del país, como +34.`,
    taken: (kind) => `Este ${kind} ya está en uso.`,
    one_required: () =>
      'Indica al menos un correo electrónico, un nombre de usuario o un número de teléfono.',
  },
}
