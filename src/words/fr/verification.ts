import type { VerificationWords } from '../language.ts'

export const verification: VerificationWords = {
  subject: 'Votre code pour confirmer cette adresse',
  text: 'Saisissez ce code là où il vous est demandé. Il est valable {minutes} minutes.',
  advice: 'Si vous ne l’avez pas demandé, ignorez ce message. Ne communiquez le code à personne.',
}
