import type { NoticeWords } from '../language.ts'

export const notices: NoticeWords = {
  new_device: {
    subject: 'Nouvelle connexion à votre compte',
    text: 'Une connexion à votre compte a eu lieu sur un appareil où il n’avait pas encore été utilisé ({method}).',
  },
  credential_added: {
    subject: 'Une méthode de connexion a été ajoutée',
    text: 'Une méthode de connexion a été ajoutée à votre compte : {method}.',
  },
  credential_changed: {
    subject: 'Votre méthode de connexion a été modifiée',
    text: 'Ceci a été modifié dans votre compte : {method}.',
  },
  credential_removed: {
    subject: 'Une méthode de connexion a été supprimée',
    text: 'Ceci a été supprimé de votre compte : {method}.',
  },
  credential_disabled: {
    subject: 'Une méthode de connexion a été désactivée',
    text: 'Il y a eu trop de réponses erronées : ceci a donc été désactivé : {method}. Connectez-vous autrement pour la réactiver.',
  },
  suspected_copy: {
    subject: 'Une connexion a été refusée : une clé a peut-être été copiée',
    text: 'Une connexion avec {method} a été refusée, car la clé semblait exister en deux exemplaires. Supprimez-la et configurez-en une nouvelle.',
  },
  recovered: {
    subject: 'Votre compte a été récupéré',
    text: 'Votre compte a été récupéré avec {method}. Tous les autres appareils ont été déconnectés.',
  },
  identifier_changed: {
    subject: 'Votre adresse a été modifiée',
    text: 'L’adresse de votre compte a été modifiée, et celle-ci ne lui appartient plus. Si ce n’était pas vous, annulez le changement dans les 72 heures.',
  },
  identifier_added: {
    subject: 'Cette adresse appartient désormais à votre compte',
    text: 'Cette adresse a été ajoutée à votre compte.',
  },
  identifier_restored: {
    subject: 'Le changement d’adresse a été annulé',
    text: 'Votre ancienne adresse appartient de nouveau à votre compte. Tous les appareils ont été déconnectés.',
  },
  saved_code_used: {
    subject: 'Un code de récupération a été utilisé',
    text: 'Un de vos codes enregistrés ({method}) a servi à une connexion à votre compte. Chacun fonctionne une fois ; créez-en de nouveaux s’il en reste peu.',
  },
  account_deleted: {
    subject: 'Votre compte a été supprimé',
    text: 'Votre compte, avec tout ce qu’il contenait, a été supprimé définitivement.',
  },
  sign_up_tried: {
    subject: 'Quelqu’un a tenté de s’inscrire avec votre adresse',
    text: 'Vous avez déjà un compte avec cette adresse. Si c’était vous, connectez-vous avec ou récupérez-le à partir de là. Rien n’a été modifié.',
  },
  refresh_reused: {
    subject: 'Un appareil a été déconnecté : sa clé a été utilisée deux fois',
    text: 'Une clé qui maintient la connexion d’un appareil ou d’une application a été utilisée une seconde fois ; elle a peut-être été copiée. Ce qui la détenait a été déconnecté.',
  },
  details: 'Heure : {time} · Adresse IP : {source} · Appareil : {agent}',
  advice:
    'Si c’était vous, vous n’avez rien à faire. Sinon, connectez-vous, supprimez ce que vous ne reconnaissez pas et déconnectez les autres appareils.',
  contact: 'Si ce n’était pas vous, contactez l’administrateur de ce site.',
  undo: 'Annuler le changement',
  signIn: 'Se connecter',
}
