import type { ImportSource } from '../domain/import-source.ts'
import {
  authenticator,
  flag,
  fullName,
  has,
  identifier,
  identity,
  imported,
  list,
  password,
  record,
  text,
  warnedIf,
} from './fields.ts'

/** ZITADEL's two generations: the data of an instance, and the body of its call that imports one user. */
export const zitadel: ImportSource = {
  id: 'zitadel',
  name: 'ZITADEL',
  formats: ['json'],
  recognises: (user) => has(user, 'userName', 'profile') || has(record(user.user), 'userName', 'profile'),
  map(given) {
    const user = has(given, 'user') ? record(given.user) : given
    const [profile, email, phone] = [record(user.profile), record(user.email), record(user.phone)]
    const username = text(user.userName)
    const mustChange = flag(user.passwordChangeRequired)
    return imported({
      sourceId: text(given.userId),
      identifiers: [
        ...identifier('email', email.email, flag(email.isEmailVerified)),
        // Its user names end in the domain of their organisation.
        ...(username === text(email.email) ? [] : identifier('username', username?.replace(/@[^@]*$/, ''))),
        ...identifier('phone', phone.phone, flag(phone.isPhoneVerified)),
      ],
      name: text(profile.displayName) ?? fullName(profile.firstName, profile.lastName),
      locale: text(profile.preferredLanguage),
      credentials: [
        ...(mustChange ? [] : password(record(user.hashedPassword).value)),
        ...authenticator(text(user.otpCode)),
        ...list(user.idps).flatMap((one) => identity(record(one).configId, record(one).externalUserId)),
      ],
      warnings: [
        ...warnedIf(mustChange, 'password_must_change'),
        ...warnedIf(text(user.password) !== null, 'password_clear_text'),
      ],
    })
  },
}
