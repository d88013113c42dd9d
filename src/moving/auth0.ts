import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import type { ImportedAccount } from '../domain/imported-account.ts'
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
  texts,
  time,
  warnedIf,
} from './fields.ts'

const databasePrefix = /^auth0\|/

/**
 * Auth0's users, as its bulk imports take them and its export extension writes them, and beside them the
 * export of hashes that its support sends (`passwordHash` under `_id.$oid`).
 */
export const auth0: ImportSource = {
  id: 'auth0',
  name: 'Auth0',
  formats: ['json', 'csv'],
  recognises: (user, format) =>
    ['custom_password_hash', 'app_metadata', 'user_metadata', 'mfa_factors', 'identities'].some(
      (key) => key in user,
    ) ||
    (has(user, 'passwordHash') && (has(user, 'connection') || has(user, '_id'))) ||
    (/^auth0\|/.test(String(user.user_id ?? user.Id ?? '')) && format !== 'sqlite'),
  side(row) {
    const key = text(record(row._id).$oid) ?? text(row._id) ?? text(row.email)
    const hash = text(row.passwordHash)
    return key === null || hash === null ? undefined : { key, value: hash }
  },
  map(user, { beside }) {
    const sourceId = text(user.user_id) ?? text(user.Id) ?? text(record(user._id).$oid) ?? text(user._id)
    const email = text(user.email) ?? text(user.Email)
    const custom = record(user.custom_password_hash)
    const own = text(user.password_hash) ?? text(user.passwordHash)
    const hash =
      customHash(custom) ??
      own ??
      beside(sourceId?.replace(databasePrefix, '') ?? '') ??
      (email === null ? undefined : beside(email))
    const secrets = list(user.mfa_factors).flatMap((one) => text(record(record(one).totp).secret) ?? [])
    const roles = texts(record(user.app_metadata).roles)
    return imported({
      sourceId,
      identifiers: [
        ...identifier('email', email, flag(user.email_verified ?? user['Email Verified'])),
        ...identifier('username', user.username),
        ...identifier('phone', user.phone_number, flag(user.phone_verified)),
      ],
      name: text(user.name) ?? text(user.Name) ?? fullName(user.given_name, user.family_name),
      isDisabled: flag(user.blocked),
      createdAt: time(user.created_at ?? user['Created At']),
      credentials: [
        ...password(hash),
        ...secrets.flatMap(authenticator),
        ...list(user.identities).flatMap(identityOf),
      ],
      groups: roles,
      warnings: warnedIf('algorithm' in custom && hash === undefined, 'hash_unknown'),
    })
  },
}

function identityOf(given: unknown): ImportedAccount['credentials'] {
  const { provider, connection, user_id: id } = record(given)
  const [kind, name, subject] = [text(provider), text(connection), text(id)]
  if (kind === null || kind === 'auth0' || subject === null) return []
  return identity(name ?? kind, subject)
}

/** A hash as `custom_password_hash` describes it, in a spelling that says everything by itself. */
function customHash(custom: ImportRecord): string | undefined {
  const [hash, salt] = [record(custom.hash), record(custom.salt)]
  const [algorithm, value] = [text(custom.algorithm), text(hash.value)]
  if (algorithm === null || value === null) return undefined
  const digest = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha512: 'sha512' }[algorithm]
  if (!digest) return value // bcrypt, argon2, pbkdf2, scrypt and ldap are written with their parameters
  const bytes = (text: string, encoding: unknown): Buffer =>
    Buffer.from(
      text,
      (encoding === 'hex' ? 'hex' : encoding === 'base64' ? 'base64' : 'utf8') as BufferEncoding,
    )
  const format = salt.position === 'suffix' ? '{PASSWORD}{SALT}' : '{SALT}{PASSWORD}'
  const salted = bytes(text(salt.value) ?? '', salt.encoding)
  return `$${digest}$pf=${Buffer.from(format).toString('base64')}$${salted.toString('base64')}$${bytes(value, hash.encoding ?? 'hex').toString('base64')}`
}
