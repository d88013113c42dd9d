import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: 'Konto bei {site} wiederherstellen',
  text: 'Ein Betreiber schickt dir diesen Link, damit du wieder in dein Konto kommst. Öffne ihn und lege ein neues Passwort fest. Er gilt einmal, {hours} Stunden lang.',
  advice:
    'Wenn du nicht um Hilfe gebeten hast, ignoriere diese Nachricht und sag dem Betreiber Bescheid. Leite den Link nicht weiter.',
}
