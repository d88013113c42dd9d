import type { VerificationWords } from '../language.ts'

export const verification: VerificationWords = {
  subject: 'Tu código para confirmar esta dirección',
  text: 'Escribe este código donde te lo pidan. Es válido durante {minutes} minutos.',
  advice: 'Si no lo has pedido, puedes ignorar este mensaje. No compartas el código con nadie.',
}
