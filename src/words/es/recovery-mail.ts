import type { RecoveryMailWords } from '../language.ts'

/** The message with a link that an operator has sent. */
export const recoveryMail: RecoveryMailWords = {
  subject: 'Recupera tu cuenta en {site}',
  text: 'Un operador te envía este enlace para que vuelvas a entrar en tu cuenta. Ábrelo y establece una contraseña nueva. Funciona una sola vez, durante {hours} horas.',
  advice: 'Si no has pedido ayuda, ignora este mensaje y avisa al operador. No reenvíes el enlace.',
}
