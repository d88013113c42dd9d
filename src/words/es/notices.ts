import type { NoticeWords } from '../language.ts'

export const notices: NoticeWords = {
  new_device: {
    subject: 'Nuevo inicio de sesión en tu cuenta',
    text: 'Se ha iniciado sesión en tu cuenta desde un dispositivo en el que no se había usado antes ({method}).',
  },
  credential_added: {
    subject: 'Se ha añadido un método de inicio de sesión',
    text: 'Se ha añadido un método de inicio de sesión a tu cuenta: {method}.',
  },
  credential_changed: {
    subject: 'Se ha cambiado tu método de inicio de sesión',
    text: 'Se ha cambiado en tu cuenta: {method}.',
  },
  credential_removed: {
    subject: 'Se ha quitado un método de inicio de sesión',
    text: 'Se ha quitado de tu cuenta: {method}.',
  },
  credential_disabled: {
    subject: 'Se ha desactivado un método de inicio de sesión',
    text: 'Ha habido demasiadas respuestas incorrectas, así que se ha desactivado: {method}. Inicia sesión de otra manera para volver a activarlo.',
  },
  suspected_copy: {
    subject: 'Inicio de sesión rechazado: puede que se haya copiado una clave',
    text: 'Se ha rechazado un inicio de sesión con {method} porque parecía haber dos copias de la clave. Quítala y configura una nueva.',
  },
  recovered: {
    subject: 'Se ha recuperado tu cuenta',
    text: 'Tu cuenta se ha recuperado con {method}. Se ha cerrado la sesión en todos los demás dispositivos.',
  },
  identifier_changed: {
    subject: 'Se ha cambiado tu dirección',
    text: 'Se ha cambiado la dirección de tu cuenta y esta ya no le pertenece. Si no has sido tú, deshaz el cambio en un plazo de 72 horas.',
  },
  identifier_added: {
    subject: 'Esta dirección ya es de tu cuenta',
    text: 'Esta dirección se ha añadido a tu cuenta.',
  },
  identifier_restored: {
    subject: 'Se ha deshecho el cambio de dirección',
    text: 'Tu dirección anterior vuelve a ser de tu cuenta. Se ha cerrado la sesión en todos los dispositivos.',
  },
  saved_code_used: {
    subject: 'Se ha usado un código de recuperación',
    text: 'Se ha usado uno de tus códigos guardados ({method}) para iniciar sesión en tu cuenta. Cada uno funciona una vez; crea un juego nuevo si quedan pocos.',
  },
  account_deleted: {
    subject: 'Se ha eliminado tu cuenta',
    text: 'Tu cuenta, con todo lo que contenía, se ha eliminado para siempre.',
  },
  sign_up_tried: {
    subject: 'Alguien ha intentado registrarse con tu dirección',
    text: 'Ya tienes una cuenta con esta dirección. Si has sido tú, inicia sesión con ella o recupérala desde allí. No se ha cambiado nada.',
  },
  refresh_reused: {
    subject: 'Se ha cerrado la sesión en un dispositivo: su clave se usó dos veces',
    text: 'Una clave que mantiene la sesión de un dispositivo o una aplicación se ha usado por segunda vez, así que puede haberse copiado. Se ha cerrado la sesión de quien la tenía.',
  },
  details: 'Hora: {time} · Dirección IP: {source} · Dispositivo: {agent}',
  advice:
    'Si has sido tú, no tienes que hacer nada. Si no, inicia sesión, quita lo que no reconozcas y cierra la sesión en los demás dispositivos.',
  contact: 'Si no has sido tú, ponte en contacto con el administrador de este sitio.',
  undo: 'Deshacer el cambio',
  signIn: 'Iniciar sesión',
}
