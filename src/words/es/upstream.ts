import type { PageWords } from '../language.ts'

export const upstream: PageWords['upstream'] = {
  with: 'Continuar con {name}',
  more: 'Más opciones',
  recent: 'Última usada',
  going: 'Abriendo {name}…',
  signingOut: 'Cerrando tu sesión en {name}…',
  returning: 'Iniciando sesión…',
  over: 'Este inicio de sesión ha tardado demasiado o se empezó en otro navegador. Empieza de nuevo.',
  failed: 'No has iniciado sesión',
  again: 'Volver al inicio de sesión',
  back: 'Volver a mi cuenta',
  closed:
    'Ninguna cuenta de aquí está vinculada a {name} y no se crean cuentas de esta manera. Inicia sesión de otra manera y vincula {name} en tu cuenta.',
  existsTitle: 'Ya tienes una cuenta',
  exists: 'Hay una cuenta con {address}. Demuestra que es tuya y se vinculará {name}.',
  linkTitle: '¿Vincular {name}?',
  linkText: 'A partir de entonces podrás iniciar sesión en {account} con {name}.',
  link: 'Vincular',
  notNow: 'Ahora no',
  add: 'Vincular {name}',
}
