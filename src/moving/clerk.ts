import type { ImportSource } from '../domain/import-source.ts'
import {
  authenticator,
  fullName,
  has,
  identifier,
  imported,
  list,
  md5OfHex,
  password,
  text,
  time,
  warnedIf,
} from './fields.ts'

const hashers = new Set([
  ...['bcrypt', 'bcrypt_sha256_django', 'argon2i', 'argon2id', 'argon2', 'argon', 'pbkdf2_sha256'],
  ...['pbkdf2_sha256_django', 'pbkdf2_sha1', 'pbkdf2_sha512', 'scrypt_firebase', 'scrypt_werkzeug'],
  ...['phpass', 'md5', 'ldap_ssha', 'md5_phpass', 'sha256'],
])

/** Several values are one text with `|` between them, or a list. */
const several = (value: unknown): string[] =>
  list(value).length > 0
    ? list(value).flatMap((one) => text(one) ?? [])
    : (text(value) ?? '').split(/[|,]/).flatMap((part) => text(part) ?? [])

/** Clerk's exports, in CSV or JSON, and files made for its own migration script. */
export const clerk: ImportSource = {
  id: 'clerk',
  name: 'Clerk',
  formats: ['csv', 'json'],
  recognises: (user) =>
    has(user, 'password_hasher') ||
    has(user, 'passwordHasher') ||
    has(user, 'email_addresses', 'totp_secret'),
  map(user) {
    const primary = text(user.primary_email_address)
    const verified = several(user.verified_email_addresses)
    const unverified = several(user.unverified_email_addresses)
    const isSaid = has(user, 'verified_email_addresses')
    const addresses = [
      ...new Set(
        [
          primary ?? [],
          ...several(user.email_addresses),
          ...several(user.email),
          ...verified,
          ...unverified,
        ].flat(),
      ),
    ]
    const address = primary ?? verified[0] ?? addresses[0] ?? null
    const phones = [
      ...several(user.primary_phone_number),
      ...several(user.verified_phone_numbers),
      ...several(user.phone_numbers),
      ...several(user.phone),
      ...several(user.unverified_phone_numbers),
    ]
    const hasher = text(user.password_hasher) ?? text(user.passwordHasher)
    const digest = text(user.password_digest) ?? text(user.password)
    const isKnown = hasher === null || hashers.has(hasher)
    const totp = text(user.totp_secret)
    // Also as the link of a QR code.
    const secret = /[?&]secret=([^&]+)/.exec(totp ?? '')?.[1] ?? totp
    return imported({
      sourceId: text(user.id) ?? text(user.userId),
      identifiers: [
        ...identifier(
          'email',
          address,
          address !== null &&
            (verified.includes(address) || (!isSaid && primary === address && !unverified.includes(address))),
        ),
        ...identifier('username', user.username),
        ...identifier('phone', phones[0], several(user.verified_phone_numbers).includes(phones[0] ?? '')),
      ],
      name: fullName(user.first_name ?? user.firstName, user.last_name ?? user.lastName),
      createdAt: time(user.created_at ?? user.createdAt),
      credentials: [
        ...(digest !== null && isKnown && hasher !== null ? password(spelled(digest, hasher)) : []),
        ...authenticator(secret),
      ],
      warnings: [
        ...warnedIf(addresses.length > 1, 'second_address'),
        ...warnedIf(digest !== null && (!isKnown || hasher === null), 'hash_unknown'),
      ],
    })
  },
}

const spelled = (digest: string, hasher: string): string =>
  hasher === 'md5' && /^[0-9a-f]{32}$/i.test(digest) ? md5OfHex(digest) : digest
