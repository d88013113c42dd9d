import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation} te invita',
  invitedText:
    'Te han invitado a unirte a {organisation} en {site}. Abre el enlace para unirte. Funciona una sola vez, durante {days} días.',
  invitedAdvice: 'Si no sabes de quién se trata, no hagas nada. No reenvíes el enlace.',
  join: 'Ver la invitación',
  domainLost: '{about} ya no está verificado',
  domainLostText:
    'El registro TXT de {about} ha desaparecido, así que el dominio ya no pertenece a {organisation}. Vuelve a añadir el registro y verifica el dominio.',
  secretExpires: 'La clave de {about} caduca el {day}',
  secretExpiresText:
    'El inicio de sesión con {about} dejará de funcionar el {day}, cuando caduque su certificado o secreto. Sustitúyelo antes.',
  open: 'Abrir la organización',
}
