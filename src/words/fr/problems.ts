import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: 'La requête est illisible',
    detail: 'La requête est mal formée. Vérifiez sa syntaxe, son encodage et ses en-têtes.',
  },
  invalid_fields: {
    title: 'Certains champs ne sont pas valides',
    detail:
      'Certains champs ne sont pas valides. `errors` les indique ; corrigez-les et renvoyez la requête.',
  },
  incorrect_credentials: {
    title: 'Nom d’utilisateur ou mot de passe incorrect',
    detail: 'Nom d’utilisateur ou mot de passe incorrect.',
  },
  answer_refused: {
    title: 'La réponse n’est pas correcte',
    detail: 'La réponse n’est pas correcte. Vérifiez-la et réessayez.',
  },
  challenge_not_open: {
    title: 'Le défi est terminé',
    detail: 'Le défi est inconnu, expiré ou a déjà reçu une réponse. Commencez-en un nouveau.',
  },
  unsupported_grant_type: {
    title: 'Type d’autorisation non pris en charge',
    detail:
      'Seul le type password est accepté ici. Les autres sont au point de terminaison de jeton du fournisseur OpenID.',
  },
  invalid_refresh_token: {
    title: 'Jeton d’actualisation non valide',
    detail:
      'Le jeton d’actualisation est inconnu, expiré, révoqué ou déjà utilisé. Connectez-vous à nouveau.',
  },
  not_authenticated: {
    title: 'Non authentifié',
    detail: 'Non authentifié.',
  },
  invalid_token: {
    title: 'Identifiants d’authentification non valides',
    detail: 'Identifiants d’authentification non valides.',
  },
  insufficient_user_authentication: {
    title: 'Une connexion plus récente ou plus sûre est nécessaire',
    detail:
      'Les vérifications de la session ne suffisent pas pour cela ou sont trop anciennes. Effectuez une vérification supplémentaire, puis renvoyez la requête.',
  },
  account_disabled: {
    title: 'Le compte est désactivé',
    detail: 'Un opérateur a désactivé le compte. Contactez le site.',
  },
  more_evidence_required: {
    title: 'Une vérification supplémentaire est nécessaire',
    detail: 'Une seule preuve ne suffit pas. Poursuivez la tentative indiquée ici avec l’une de ses options.',
  },
  sign_up_closed: {
    title: 'L’inscription est fermée',
    detail: 'Seul un opérateur crée de nouveaux comptes.',
  },
  invitation_required: {
    title: 'Une invitation est nécessaire',
    detail:
      'Un nouveau compte nécessite une invitation valide. Rouvrez le lien de l’invitation ou demandez-en une nouvelle.',
  },
  insufficient_scope: {
    title: 'Autorisation insuffisante',
    detail:
      'Le jeton ne possède pas l’autorisation nécessaire. Demandez un jeton avec l’autorisation indiquée dans `scope`.',
  },
  cross_site_request: {
    title: 'Requête d’un autre site',
    detail:
      'La requête provient d’une page d’un autre site. Ouvrez la page sur ce site et envoyez-la depuis celle-ci.',
  },
  precondition_failed: {
    title: 'Modifié depuis votre lecture',
    detail:
      'La ressource a été modifiée depuis votre lecture. Relisez-la, puis modifiez-la avec son nouvel ETag.',
  },
  last_way_in: {
    title: 'La dernière méthode de connexion ne peut pas être supprimée',
    detail:
      'C’est la dernière méthode de connexion : sans elle, personne ne pourrait se connecter au compte. Configurez-en d’abord une autre.',
  },
  not_found: {
    title: 'Introuvable',
    detail: 'Il n’y a rien à cette adresse, ou vous ne pouvez pas le voir.',
  },
  method_not_allowed: {
    title: 'Méthode non autorisée',
    detail: 'Ce chemin ne prend pas en charge la méthode. L’en-tête `Allow` indique celles qui le sont.',
  },
  identifier_taken: {
    title: 'L’identifiant est déjà pris',
    detail:
      'Un autre compte possède cette adresse e-mail, ce nom d’utilisateur ou ce numéro de téléphone. Choisissez-en un autre.',
  },
  account_exists: {
    title: 'Un compte possède cette adresse',
    detail:
      'Il existe un compte avec cette adresse e-mail. Connectez-vous-y par une autre méthode, puis associez l’identité.',
  },
  conflict: {
    title: 'Modifié en même temps',
    detail:
      'Une autre requête a modifié cet élément en même temps. Relisez-le et recommencez la modification.',
  },
  last_operator: {
    title: 'Le dernier opérateur ne peut pas être supprimé',
    detail:
      'C’est le dernier opérateur, et le serveur en a besoin d’un. Faites d’abord d’un autre compte un opérateur.',
  },
  last_admin: {
    title: 'Le dernier administrateur ne peut pas être retiré',
    detail:
      'C’est le dernier administrateur de l’organisation. Nommez d’abord un autre membre administrateur.',
  },
  domain_not_proved: {
    title: 'Le domaine n’est pas prouvé',
    detail: 'L’enregistrement TXT du domaine est introuvable. Ajoutez-le et réessayez plus tard.',
  },
  invitation_of_another: {
    title: 'L’invitation est pour une autre adresse',
    detail:
      'L’invitation est pour une adresse e-mail que ce compte n’a pas confirmée. Confirmez-la ou connectez-vous au compte qui la possède.',
  },
  admin_role_required: {
    title: 'Réservé aux administrateurs de l’organisation',
    detail:
      'Le compte est membre de l’organisation, mais pas administrateur. Adressez-vous à l’un de ses administrateurs.',
  },
  not_tried: {
    title: 'Pas encore essayé',
    detail: 'Connectez-vous d’abord une fois par cette connexion pour vérifier que cela fonctionne.',
  },
  attempt_over: {
    title: 'La tentative est terminée',
    detail: 'La tentative est terminée ou a expiré. Commencez-en une nouvelle.',
  },
  body_too_large: {
    title: 'Le corps est trop volumineux',
    detail: 'Le corps dépasse la taille acceptée ici.',
  },
  unsupported_media_type: {
    title: 'Type de contenu non pris en charge',
    detail: 'Le type de contenu ou le codage du corps n’est pas accepté ici. Envoyez du JSON non compressé.',
  },
  weak_password: {
    title: 'Le mot de passe est trop faible',
    detail:
      'Le mot de passe est trop facile à deviner. `errors` en donne la raison ; choisissez-en un autre.',
  },
  enrolment_refused: {
    title: 'Configuration impossible',
    detail: 'Ce qui a été envoyé ne correspond pas au défi ou n’est pas accepté ici. Recommencez.',
  },
  too_many_attempts: {
    title: 'Trop de tentatives',
    detail: 'Trop de tentatives. Attendez aussi longtemps que l’indique `Retry-After`.',
  },
  header_too_large: {
    title: 'Les en-têtes sont trop volumineux',
    detail: 'Les en-têtes de la requête dépassent la taille acceptée ici.',
  },
  unknown_transfer_coding: {
    title: 'Codage de transfert inconnu',
    detail: 'Seul le codage de transfert `chunked` est connu ici.',
  },
  internal_error: {
    title: 'Erreur interne',
    detail: 'C’est une erreur du serveur. Son journal contient une ligne avec ce request_id.',
  },
  database_unavailable: {
    title: 'La base de données est inaccessible',
    detail: 'À notre connaissance, rien n’a été modifié. Réessayez dans un instant.',
  },
  upstream_unavailable: {
    title: 'Le fournisseur d’identité ne répond pas',
    detail: 'Le fournisseur de cette connexion est inaccessible. Réessayez ou utilisez une autre méthode.',
  },
  busy: {
    title: 'Le serveur est occupé',
    detail: 'Le serveur a atteint sa limite. Réessayez dans un instant.',
  },
  not_ready: {
    title: 'Le serveur n’est pas prêt',
    detail: 'Le serveur démarre ou s’arrête. Réessayez dans un instant.',
  },
  request_timeout: {
    title: 'La requête a pris trop de temps',
    detail: 'La requête n’est pas arrivée à temps. Renvoyez-la.',
  },
}
