import type { ImportSource } from '../domain/import-source.ts'
import { authenticator, flag, identifier, imported, list, password, text, texts, time } from './fields.ts'

/**
 * Our own CSV and JSON lines, for whatever has no reader of its own: `id`, `email`, `email_verified`,
 * `username`, `phone`, `phone_verified`, `name`, `locale`, `disabled`, `created_at`, `password_hash`,
 * `totp_secret`, `groups` (with `|` between them). Every column may be missing but one of the three names.
 */
export const simple: ImportSource = {
  id: 'simple',
  name: 'CSV or JSON lines',
  formats: ['csv', 'json'],
  recognises: (user) =>
    !('provider_id' in user) && ['email', 'username', 'phone'].some((name) => name in user),
  map(user) {
    return imported({
      sourceId: text(user.id),
      identifiers: [
        ...identifier('email', user.email, flag(user.email_verified)),
        ...identifier('username', user.username),
        ...identifier('phone', user.phone, flag(user.phone_verified)),
      ],
      name: text(user.name),
      locale: text(user.locale),
      isDisabled: flag(user.disabled),
      createdAt: time(user.created_at),
      credentials: [...password(user.password_hash), ...authenticator(text(user.totp_secret))],
      groups: list(user.groups).length > 0 ? texts(user.groups) : (text(user.groups)?.split('|') ?? []),
    })
  },
}
