import { withoutSignerKey } from '../crypto/password-hash/firebase-scrypt.ts'
import type { ImportSource } from '../domain/import-source.ts'
import type { ImportedCredential } from '../domain/imported-account.ts'
import { flag, fullName, has, identifier, imported, inner, password, text, time, warnedIf } from './fields.ts'

const ownProviders = new Set(['email', 'phone'])

/** Rows of Supabase's `auth.users`, and beside them those of `auth.identities`. */
export const supabase: ImportSource = {
  id: 'supabase',
  name: 'Supabase Auth',
  formats: ['csv', 'json', 'copy'],
  recognises: (user) => has(user, 'encrypted_password', 'raw_app_meta_data'),
  side(row) {
    const [key, provider, subject] = [text(row.user_id), text(row.provider), text(row.provider_id)]
    if (key === null || provider === null || subject === null || ownProviders.has(provider)) return undefined
    const issuer = text(inner(row.identity_data).iss)
    return { key, value: JSON.stringify({ provider, subject, issuer }) }
  },
  map(user, { beside, now }) {
    const sourceId = text(user.id)
    if (user[':table'] !== undefined && user[':table'] !== 'users') return undefined
    if (flag(user.is_anonymous)) return { skip: 'anonymous', sourceId }
    if (time(user.deleted_at) !== null) return { skip: 'deleted', sourceId }
    const meta = inner(user.raw_user_meta_data)
    const phone = text(user.phone)
    const sealed = withoutSignerKey(text(user.encrypted_password) ?? '')
    return imported({
      sourceId,
      identifiers: [
        ...identifier('email', user.email, time(user.email_confirmed_at) !== null),
        // They are kept without the plus.
        ...identifier(
          'phone',
          phone && (phone.startsWith('+') ? phone : `+${phone}`),
          time(user.phone_confirmed_at) !== null,
        ),
      ],
      name: text(meta.full_name) ?? text(meta.name) ?? fullName(meta.first_name, meta.last_name),
      locale: text(meta.locale),
      isDisabled: (time(user.banned_until) ?? 0) > now,
      createdAt: time(user.created_at),
      credentials: [
        ...(sealed ? password(sealed.hash, sealed.secret) : password(user.encrypted_password)),
        ...identitiesIn(sourceId === null ? undefined : beside(sourceId)),
      ],
      warnings: warnedIf(flag(user.is_sso_user), 'directory_user'),
    })
  },
}

/** Of a user's lines in the second file. */
const identitiesIn = (lines: string | undefined): ImportedCredential[] =>
  (lines ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ type: 'identity', ...JSON.parse(line) }))
