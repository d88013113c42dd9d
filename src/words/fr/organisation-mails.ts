import type { OrganisationMailWords } from '../language.ts'

/** Mails about organisations. */
export const organisationMails: OrganisationMailWords = {
  invited: '{organisation} vous invite',
  invitedText:
    'Vous êtes invité à rejoindre {organisation} sur {site}. Ouvrez le lien pour rejoindre. Il fonctionne une seule fois, pendant {days} jours.',
  invitedAdvice: 'Si vous ne savez pas de qui il s’agit, ne faites rien. Ne transférez pas le lien.',
  join: 'Voir l’invitation',
  domainLost: '{about} n’est plus vérifié',
  domainLostText:
    'L’enregistrement TXT de {about} a disparu : le domaine n’appartient plus à {organisation}. Ajoutez à nouveau l’enregistrement, puis vérifiez le domaine.',
  secretExpires: 'La clé de {about} expire le {day}',
  secretExpiresText:
    'La connexion par {about} cessera de fonctionner le {day}, à l’expiration de son certificat ou de son secret. Remplacez-le avant cette date.',
  open: 'Ouvrir l’organisation',
}
