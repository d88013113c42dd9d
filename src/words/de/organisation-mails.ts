import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation} lädt dich ein',
  invitedText:
    'Du bist eingeladen, {organisation} bei {site} beizutreten. Öffne den Link, um beizutreten. Er gilt einmal und {days} Tage lang.',
  invitedAdvice: 'Wenn dir das nichts sagt, musst du nichts tun. Leite den Link nicht weiter.',
  join: 'Einladung ansehen',
  domainLost: '{about} ist nicht mehr bestätigt',
  domainLostText:
    'Der TXT-Eintrag von {about} fehlt, daher gehört die Domain nicht mehr zu {organisation}. Füge den Eintrag wieder hinzu und bestätige die Domain.',
  secretExpires: 'Der Schlüssel von {about} läuft am {day} ab',
  secretExpiresText:
    'Die Anmeldung über {about} endet am {day}, wenn das Zertifikat oder Geheimnis abläuft. Ersetze es vorher.',
  open: 'Organisation öffnen',
}
