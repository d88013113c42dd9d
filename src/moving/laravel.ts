import type { ImportSource } from '../domain/import-source.ts'
import { has, identifier, imported, password, text, time, warnedIf } from './fields.ts'

/** Rows of a Laravel application's `users`, in CSV or JSON. */
export const laravel: ImportSource = {
  id: 'laravel',
  name: 'Laravel',
  formats: ['csv', 'json'],
  recognises: (user) => has(user, 'email', 'password', 'remember_token'),
  map: (user) =>
    imported({
      sourceId: text(user.id),
      identifiers: [
        ...identifier('email', user.email, time(user.email_verified_at) !== null),
        ...identifier('username', user.username),
      ],
      name: text(user.name),
      createdAt: time(user.created_at),
      credentials: password(user.password),
      // It is encrypted with a key of the application.
      warnings: warnedIf(text(user.two_factor_secret) !== null, 'authenticator_unsupported'),
    }),
}
