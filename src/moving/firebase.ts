import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import { Problem } from '../domain/problem.ts'
import { flag, has, identifier, identity, imported, list, record, text, time } from './fields.ts'

/** Of the CSV that `firebase auth:export` writes without a header. */
const first = ['localId', 'email', 'emailVerified', 'passwordHash', 'salt', 'displayName', 'photoUrl']
/** Four columns each: id, name, address and picture. */
const providers = ['google.com', 'facebook.com', 'twitter.com', 'github.com']
/** What follows differs between versions: times, a phone number, and later providers. */
const restFrom = first.length + 4 * providers.length
const laterProviders: Readonly<Record<number, string>> = { 28: 'apple.com', 32: 'microsoft.com' }
const fieldsMin = 25

const parameter = (given: string, name: string): string | undefined =>
  new RegExp(`["']?${name}["']?\\s*[:=]\\s*["']?([A-Za-z0-9+/=_-]+)`).exec(given)?.[1]

/** Firebase Authentication, as `firebase auth:export` writes it in JSON or CSV. */
export const firebase: ImportSource = {
  id: 'firebase',
  name: 'Firebase Authentication',
  formats: ['json', 'csv'],
  recognises: (user) => has(user, 'localId'),
  columnsOf(fields) {
    if (fields.length < fieldsMin || !/^(true|false)$/.test(fields[2] ?? '')) return undefined
    const four = providers.flatMap((name) => ['', '.name', '.email', '.photo'].map((part) => name + part))
    return fields.map((_, place) => [...first, ...four][place] ?? laterProviders[place] ?? `#${place}`)
  },
  secret: {
    what: "the project's password hash parameters (Firebase console, Authentication, the menu beside Users)",
    isRequired: true,
    read(given) {
      const key = parameter(given, 'base64_signer_key')
      const separator = parameter(given, 'base64_salt_separator')
      const [rounds, cost] = [Number(parameter(given, 'rounds')), Number(parameter(given, 'mem_cost'))]
      if (key === undefined || separator === undefined || !(rounds > 0) || !(cost > 0))
        throw new Problem('invalid_fields', {
          detail:
            'These are no hash parameters of Firebase: base64_signer_key, base64_salt_separator, rounds, mem_cost',
        })
      return JSON.stringify({ key, separator, rounds, cost })
    },
  },
  map(user, { secret }) {
    const [hash, salt] = [text(user.passwordHash), text(user.salt)]
    const found = (shape: RegExp): unknown => restOf(user).find((value) => shape.test(String(value)))
    const parameters = secret === null ? null : JSON.parse(secret)
    const known = hash !== null && salt !== null && parameters !== null
    const subjects = [
      ...list(user.providerUserInfo).map((one) => {
        const { providerId, rawId, federatedId } = record(one)
        return { provider: text(providerId), subject: text(rawId) ?? text(federatedId) }
      }),
      ...[...providers, ...Object.values(laterProviders)].map((provider) => ({
        provider,
        subject: text(user[provider]),
      })),
    ]
    return imported({
      sourceId: text(user.localId),
      identifiers: [
        ...identifier('email', user.email, flag(user.emailVerified)),
        ...identifier('phone', user.phoneNumber ?? found(/^\+\d+$/), true), // it signs in with a code
      ],
      name: text(user.displayName),
      isDisabled: flag(user.disabled ?? found(/^true$/)),
      createdAt: time(user.createdAt ?? found(/^\d{13}$/)),
      credentials: [
        ...(known
          ? [
              {
                type: 'password-hash',
                hash: `$firebase-scrypt$ln=${parameters.cost},r=${parameters.rounds}$${salt}$${parameters.separator}$$${hash}`,
                secret: parameters.key,
              } as const,
            ]
          : []),
        ...subjects.flatMap(({ provider, subject }) =>
          provider === 'password' || provider === 'phone'
            ? []
            : identity(provider?.replace(/\.com$/, ''), subject),
        ),
      ],
      warnings: hash !== null && !known ? ['hash_needs_secret'] : [],
    })
  },
}

/** Of the columns that have no name. */
const restOf = (user: ImportRecord): unknown[] =>
  Object.entries(user).flatMap(([name, value]) =>
    name.startsWith('#') && Number(name.slice(1)) >= restFrom ? [value] : [],
  )
