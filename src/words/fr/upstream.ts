import type { PageWords } from '../language.ts'

export const upstream: PageWords['upstream'] = {
  with: 'Continuer avec {name}',
  more: 'Plus d’options',
  recent: 'Dernier utilisé',
  going: 'Ouverture de {name}…',
  signingOut: 'Déconnexion de {name}…',
  returning: 'Connexion…',
  over: 'Cette connexion a pris trop de temps ou a été commencée dans un autre navigateur. Recommencez.',
  failed: 'Vous n’êtes pas connecté',
  again: 'Retour à la connexion',
  back: 'Retour à mon compte',
  closed:
    'Aucun compte n’est associé à {name} ici, et aucun compte n’est créé de cette façon. Connectez-vous autrement, puis associez {name} dans votre compte.',
  existsTitle: 'Vous avez déjà un compte',
  exists: 'Il existe un compte avec {address}. Montrez qu’il est à vous, et {name} y sera associé.',
  linkTitle: 'Associer {name} ?',
  linkText: 'Vous pourrez ensuite vous connecter à {account} avec {name}.',
  link: 'Associer',
  notNow: 'Pas maintenant',
  add: 'Associer {name}',
}
