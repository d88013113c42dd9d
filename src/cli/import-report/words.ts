import type { Outlook } from '../../domain/import-report.ts'
import type { ImportSkip, ImportWarning } from '../../domain/imported-account.ts'

export const skipWords: Readonly<Record<ImportSkip, string>> = {
  malformed_record: 'cannot be read',
  no_identifier: 'has no usable address, username or phone number',
  identifier_taken: 'has an address, username or phone number that an account has already',
  same_as_earlier_line: 'has an address, username or phone number that an earlier line has',
  service_account: 'is a service account, not a person',
  anonymous: 'is an anonymous user',
  deleted: 'was deleted there',
}

export const outlookWords: Readonly<Record<Outlook, string>> = {
  aal1: 'sign in with one factor',
  aal2: 'are asked for two factors, and have them',
  aal3: 'are asked for a passkey of the highest assurance, and have it',
  locked_out: 'have nothing that is enough: they are locked out',
  disabled: 'are disabled',
}

export const warningWords: Readonly<Record<ImportWarning, string>> = {
  email_malformed: 'without its address, which is malformed',
  username_malformed: 'without its username, which has characters that a username cannot have',
  username_lookalike: 'without its username, which looks like another one',
  phone_malformed: 'without its phone number, which is malformed or lacks its country code',
  second_address: 'with one of its addresses only',
  hash_malformed: 'without its password: the hash is too short or malformed',
  hash_unknown: 'without its password: the kind of hash is unknown',
  hash_too_costly: 'without its password: the hash would take too much time or memory',
  hash_needs_secret: 'without its password: the hash needs the secret of the project (--secret-file)',
  password_clear_text: 'without its password, which the file has in clear text',
  password_must_change: 'without its password, which had to be changed',
  password_elsewhere: 'without a password: the file has none',
  authenticator_malformed: 'without its authenticator app, whose secret is malformed',
  authenticator_unsupported: 'without its authenticator app, whose secret is encrypted or of another kind',
  passkey_left_out: 'without its passkeys',
  identity_without_connection: 'without a provider’s identity: no connection stands for that provider',
  identity_taken: 'without a provider’s identity that another account has',
  directory_user: 'signed in by a directory or SAML there',
  was_administrator: 'was an administrator there, and is a member here',
  groups_left_out: 'without its groups (--org takes them as roles)',
  identifier_malformed: 'without an address or name that is malformed',
  credential_left_out: 'without a credential whose method or connection is not there',
  was_locked: 'was locked there, and is not here',
}
