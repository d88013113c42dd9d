import type { NoticeWords } from '../language.ts'

/** What owners are told. `{method}` is the method's own name. */
export const notices: NoticeWords = {
  new_device: {
    subject: 'New sign-in to your account',
    text: 'Your account was signed in to on a device that it had not been used on before ({method}).',
  },
  credential_added: {
    subject: 'A new sign-in method was added',
    text: 'A new sign-in method was added to your account: {method}.',
  },
  credential_changed: {
    subject: 'Your sign-in method was changed',
    text: 'This was changed on your account: {method}.',
  },
  credential_removed: {
    subject: 'A sign-in method was removed',
    text: 'This was removed from your account: {method}.',
  },
  credential_disabled: {
    subject: 'A sign-in method was turned off',
    text: 'There were too many wrong answers, so this was turned off: {method}. Sign in another way to turn it on again.',
  },
  suspected_copy: {
    subject: 'A sign-in was refused: a key may have been copied',
    text: 'A sign-in with {method} was refused, because it looked as if there were two copies of the key. Remove it and set up a new one.',
  },
  recovered: {
    subject: 'Your account was recovered',
    text: 'Your account was recovered with {method}. All other devices were signed out.',
  },
  identifier_changed: {
    subject: 'Your address was changed',
    text: 'The address of your account was changed, and this one no longer belongs to it. If it was not you, undo the change within 72 hours.',
  },
  identifier_added: {
    subject: 'This address now belongs to your account',
    text: 'This address was added to your account.',
  },
  identifier_restored: {
    subject: 'The change of address was undone',
    text: 'Your former address belongs to your account again. All devices were signed out.',
  },
  saved_code_used: {
    subject: 'A recovery code was used',
    text: 'One of your saved codes ({method}) was used to sign in to your account. Each works once; make a new set if few are left.',
  },
  account_deleted: {
    subject: 'Your account was deleted',
    text: 'Your account, with all that was in it, was deleted for good.',
  },
  sign_up_tried: {
    subject: 'Someone tried to sign up with your address',
    text: 'You have an account with this address already. If it was you, sign in with it, or get back in from there. Nothing was changed.',
  },
  refresh_reused: {
    subject: 'A device was signed out: its key was used twice',
    text: 'A key that keeps a device or an application signed in was used a second time, so it may have been copied. Whatever held it was signed out.',
  },
  details: 'Time: {time} · IP address: {source} · Device: {agent}',
  advice:
    'If this was you, there is nothing to do. If not, sign in, remove what you do not know, and sign out the other devices.',
  contact: 'If this was not you, contact the administrator of this site.',
  undo: 'Undo the change',
  signIn: 'Sign in',
}
