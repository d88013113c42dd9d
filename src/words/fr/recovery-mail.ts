import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: 'Récupérez votre compte sur {site}',
  text: 'Un opérateur vous envoie ce lien pour que vous retrouviez l’accès à votre compte. Ouvrez-le, puis définissez un nouveau mot de passe. Il fonctionne une seule fois, pendant {hours} heures.',
  advice:
    'Si vous n’avez pas demandé d’aide, ignorez ce message et prévenez l’opérateur. Ne transférez pas le lien.',
}
