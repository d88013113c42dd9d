import { peppered } from '../crypto/password-hash/peppered.ts'
import type { ImportSource } from '../domain/import-source.ts'
import { fullName, has, identifier, identity, imported, password, text, time, warnedIf } from './fields.ts'

/** Rows of a Rails application's `users` with Devise, in CSV, JSON or `COPY`. */
export const devise: ImportSource = {
  id: 'devise',
  name: 'Rails with Devise',
  formats: ['csv', 'json', 'copy'],
  recognises: (user) => has(user, 'encrypted_password') && !has(user, 'raw_app_meta_data'),
  secret: {
    what: 'the pepper of config/initializers/devise.rb, if it is set',
    isRequired: false,
    read: (given) => given.trim(),
  },
  map(user, { secret }) {
    const hash = text(user.encrypted_password)
    const isConfirmed = has(user, 'confirmed_at') && time(user.confirmed_at) !== null
    return imported({
      sourceId: text(user.id),
      identifiers: [
        ...identifier('email', user.email, isConfirmed),
        ...identifier('username', user.username),
      ],
      name: text(user.name) ?? fullName(user.first_name, user.last_name),
      createdAt: time(user.created_at),
      credentials: [
        ...(hash !== null && secret ? password(peppered(hash), secret) : password(hash)),
        ...identity(user.provider, user.uid),
      ],
      warnings: [
        ...warnedIf(text(user.unconfirmed_email) !== null, 'second_address'),
        ...warnedIf(time(user.locked_at) !== null, 'was_locked'),
        ...warnedIf(
          text(user.otp_secret) !== null || text(user.encrypted_otp_secret) !== null,
          'authenticator_unsupported',
        ),
      ],
    })
  },
}
