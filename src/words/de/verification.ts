import type { VerificationWords } from '../language.ts'

export const verification: VerificationWords = {
  subject: 'Dein Code zur Bestätigung dieser Adresse',
  text: 'Gib diesen Code dort ein, wo du danach gefragt wirst. Er gilt {minutes} Minuten.',
  advice:
    'Wenn du ihn nicht angefordert hast, kannst du diese Nachricht ignorieren. Gib den Code an niemanden weiter.',
}
