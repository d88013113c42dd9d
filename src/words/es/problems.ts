import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: 'No se puede leer la solicitud',
    detail: 'La solicitud no está bien formada. Revisa su sintaxis, codificación y cabeceras.',
  },
  invalid_fields: {
    title: 'Algunos campos no son válidos',
    detail:
      'Algunos campos no son válidos. `errors` indica cuáles; corrígelos y envía la solicitud de nuevo.',
  },
  incorrect_credentials: {
    title: 'Nombre de usuario o contraseña incorrectos',
    detail: 'Nombre de usuario o contraseña incorrectos.',
  },
  answer_refused: {
    title: 'La respuesta no es correcta',
    detail: 'La respuesta no es correcta. Revísala e inténtalo de nuevo.',
  },
  challenge_not_open: {
    title: 'El desafío ha terminado',
    detail: 'El desafío no existe, ha caducado o ya se respondió. Empieza uno nuevo.',
  },
  unsupported_grant_type: {
    title: 'Tipo de concesión no admitido',
    detail:
      'Aquí solo se acepta la concesión password. Las demás están en el punto de token del proveedor OpenID.',
  },
  invalid_refresh_token: {
    title: 'Token de actualización no válido',
    detail:
      'El token de actualización no existe, ha caducado, se revocó o ya se usó. Inicia sesión de nuevo.',
  },
  not_authenticated: {
    title: 'Sin autenticar',
    detail: 'Sin autenticar.',
  },
  invalid_token: {
    title: 'Credenciales de autenticación no válidas',
    detail: 'Credenciales de autenticación no válidas.',
  },
  insufficient_user_authentication: {
    title: 'Se necesita un inicio de sesión más reciente o más seguro',
    detail:
      'La verificación de la sesión no basta para esto o es demasiado antigua. Haz una verificación adicional y envía la solicitud de nuevo.',
  },
  account_disabled: {
    title: 'La cuenta está inhabilitada',
    detail: 'Un operador ha inhabilitado la cuenta. Ponte en contacto con el sitio.',
  },
  more_evidence_required: {
    title: 'Se necesita más verificación',
    detail: 'Una sola prueba no basta. Continúa el intento indicado aquí con una de sus opciones.',
  },
  sign_up_closed: {
    title: 'El registro está cerrado',
    detail: 'Solo un operador puede crear cuentas nuevas.',
  },
  invitation_required: {
    title: 'Se necesita una invitación',
    detail:
      'Una cuenta nueva necesita una invitación válida. Abre de nuevo el enlace de la invitación o pide otra.',
  },
  insufficient_scope: {
    title: 'Permisos insuficientes',
    detail: 'Al token le falta el permiso necesario. Solicita un token con el permiso indicado en `scope`.',
  },
  cross_site_request: {
    title: 'Solicitud de otro sitio',
    detail:
      'La solicitud procede de una página de otro sitio. Abre la página en este sitio y envíala desde allí.',
  },
  precondition_failed: {
    title: 'Cambió después de leerlo',
    detail: 'El recurso ha cambiado desde que lo leíste. Léelo de nuevo y cámbialo con su nueva ETag.',
  },
  last_way_in: {
    title: 'No se puede quitar el último método de inicio de sesión',
    detail:
      'Es el último método de inicio de sesión: sin él no se podría entrar en la cuenta. Configura otro primero.',
  },
  not_found: {
    title: 'No encontrado',
    detail: 'No hay nada en esta dirección, o no puedes verlo.',
  },
  method_not_allowed: {
    title: 'Método no permitido',
    detail: 'Esta ruta no admite el método. La cabecera `Allow` indica los que admite.',
  },
  identifier_taken: {
    title: 'El identificador ya está en uso',
    detail: 'Otra cuenta tiene este correo electrónico, nombre de usuario o número de teléfono. Elige otro.',
  },
  account_exists: {
    title: 'Una cuenta tiene esta dirección',
    detail:
      'Hay una cuenta con este correo electrónico. Inicia sesión en ella con otro método y vincula después la identidad.',
  },
  conflict: {
    title: 'Cambió al mismo tiempo',
    detail: 'Otra solicitud cambió esto al mismo tiempo. Léelo de nuevo y repite el cambio.',
  },
  last_operator: {
    title: 'No se puede quitar el último operador',
    detail: 'Es el último operador y el servidor necesita uno. Convierte antes otra cuenta en operador.',
  },
  last_admin: {
    title: 'No se puede quitar el último administrador',
    detail: 'Es el último administrador de la organización. Nombra antes administrador a otro miembro.',
  },
  domain_not_proved: {
    title: 'El dominio no está demostrado',
    detail:
      'No se ha encontrado el registro TXT del dominio. Añade el registro y vuelve a intentarlo más tarde.',
  },
  invitation_of_another: {
    title: 'La invitación es para otra dirección',
    detail:
      'La invitación es para una dirección de correo que esta cuenta no ha confirmado. Confírmala o inicia sesión en la cuenta que la tiene.',
  },
  admin_role_required: {
    title: 'Solo puede hacerlo un administrador de la organización',
    detail:
      'La cuenta es miembro de la organización, pero no administradora. Pídeselo a uno de sus administradores.',
  },
  not_tried: {
    title: 'Aún no se ha probado',
    detail: 'Inicia sesión primero una vez por esta conexión para comprobar que funciona.',
  },
  attempt_over: {
    title: 'El intento ha terminado',
    detail: 'El intento ha terminado o ha caducado. Empieza uno nuevo.',
  },
  body_too_large: {
    title: 'El cuerpo es demasiado grande',
    detail: 'El cuerpo supera el tamaño que se acepta aquí.',
  },
  unsupported_media_type: {
    title: 'Tipo de contenido no admitido',
    detail: 'Aquí no se acepta el tipo de contenido o la codificación del cuerpo. Envía JSON sin comprimir.',
  },
  weak_password: {
    title: 'La contraseña es demasiado débil',
    detail: 'La contraseña es demasiado fácil de adivinar. `errors` dice por qué; elige otra.',
  },
  enrolment_refused: {
    title: 'No se puede configurar',
    detail: 'Lo enviado no corresponde al desafío o no se acepta aquí. Empieza de nuevo.',
  },
  too_many_attempts: {
    title: 'Demasiados intentos',
    detail: 'Demasiados intentos. Espera el tiempo que indica `Retry-After`.',
  },
  header_too_large: {
    title: 'Las cabeceras son demasiado grandes',
    detail: 'Las cabeceras de la solicitud superan el tamaño que se acepta aquí.',
  },
  unknown_transfer_coding: {
    title: 'Codificación de transferencia desconocida',
    detail: 'Aquí solo se conoce la codificación de transferencia `chunked`.',
  },
  internal_error: {
    title: 'Error interno',
    detail: 'Es un error del servidor. Su registro tiene una línea con este request_id.',
  },
  database_unavailable: {
    title: 'No se puede acceder a la base de datos',
    detail: 'Que se sepa, no se ha cambiado nada. Inténtalo de nuevo en breve.',
  },
  upstream_unavailable: {
    title: 'El proveedor de identidad no responde',
    detail: 'No se puede acceder al proveedor de esta conexión. Inténtalo de nuevo o usa otro método.',
  },
  busy: {
    title: 'El servidor está ocupado',
    detail: 'El servidor ha llegado a su límite. Inténtalo de nuevo en breve.',
  },
  not_ready: {
    title: 'El servidor no está listo',
    detail: 'El servidor se está iniciando o deteniendo. Inténtalo de nuevo en breve.',
  },
  request_timeout: {
    title: 'La solicitud tardó demasiado',
    detail: 'La solicitud no llegó a tiempo. Envíala de nuevo.',
  },
}
