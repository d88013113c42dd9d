/** On the way to an account at another provider, and back. */
export const upstream = {
  with: 'Continue with {name}',
  more: 'More ways',
  recent: 'Used last',
  going: 'Going to {name}…',
  signingOut: 'Signing you out of {name}…',
  returning: 'Signing you in…',
  over: 'This sign-in took too long, or was started in another browser. Start again.',
  failed: 'You are not signed in',
  again: 'Back to sign-in',
  back: 'Back to my account',
  closed:
    'No account here is linked to {name}, and no new accounts are made this way. Sign in another way, then link {name} in your account.',
  existsTitle: 'You have an account already',
  exists: 'There is an account with {address}. Show that it is yours, then {name} is linked to it.',
  linkTitle: 'Link {name}?',
  linkText: 'From then on you can sign in to {account} with {name}.',
  link: 'Link',
  notNow: 'Not now',
  add: 'Link {name}',
}
