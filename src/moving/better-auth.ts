import type { ImportSource } from '../domain/import-source.ts'
import {
  flag,
  has,
  identifier,
  identity,
  imported,
  list,
  password,
  record,
  text,
  time,
  warnedIf,
} from './fields.ts'

const ownProvider = 'credential'

/** The SQLite file of better-auth: each user with its `accounts` and whether it has a second factor. */
export const betterAuth: ImportSource = {
  id: 'better-auth',
  name: 'better-auth',
  formats: ['sqlite'],
  recognises: (user) => has(user, 'emailVerified', 'accounts'),
  map(user) {
    const accounts = list(user.accounts).map(record)
    const own = accounts.find(({ providerId }) => providerId === ownProvider)
    return imported({
      sourceId: text(user.id),
      identifiers: [
        ...identifier('email', user.email, flag(user.emailVerified)),
        ...identifier('username', user.displayUsername ?? user.username),
        ...identifier('phone', user.phoneNumber, flag(user.phoneNumberVerified)),
      ],
      name: text(user.name),
      isDisabled: flag(user.banned),
      createdAt: time(user.createdAt),
      credentials: [
        ...password(own?.password),
        ...accounts.flatMap(({ providerId, accountId, issuer }) =>
          text(providerId) === ownProvider ? [] : identity(providerId, accountId, text(issuer)),
        ),
      ],
      groups: list(user.memberships).flatMap((one) => text(record(one).role)?.split(',') ?? []),
      // Its secret is encrypted with a key of the application.
      warnings: [
        ...warnedIf(flag(user.hasTwoFactor), 'authenticator_unsupported'),
        ...warnedIf(flag(user.hasPasskey), 'passkey_left_out'),
        ...warnedIf(/\badmin\b/.test(text(user.role) ?? ''), 'was_administrator'),
      ],
    })
  },
}
