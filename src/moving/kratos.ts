import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import type { ImportedAccount } from '../domain/imported-account.ts'
import {
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
  time,
  warnedIf,
} from './fields.ts'

const address = /^[^@\s]+@[^@\s]+$/

/** Ory Kratos: identities as its API takes and gives them. What the API gives has no hashes. */
export const kratos: ImportSource = {
  id: 'kratos',
  name: 'Ory Kratos',
  formats: ['json'],
  recognises: (identity) => has(identity, 'traits'),
  map(identity) {
    const traits = record(identity.traits)
    const credentials = record(identity.credentials)
    const config = record(record(credentials.password).config)
    const name = record(traits.name)
    const verifiable = list(identity.verifiable_addresses).map(record)
    const isVerified = (value: string | null): boolean =>
      verifiable.some((one) => text(one.value) === value && flag(one.verified))
    const found = text(traits.email) ?? text(list(traits.emails)[0])
    const email = found ?? text(verifiable.find(({ via }) => via === 'email')?.value)
    const username = text(traits.username)
    const phone = text(traits.phone) ?? text(traits.phone_number)
    const hash = text(config.hashed_password)
    const isElsewhere =
      flag(config.use_password_migration_hook) ||
      ('password' in credentials && hash === null && text(config.password) === null)
    return imported({
      sourceId: text(identity.id),
      identifiers: [
        ...identifier('email', email, isVerified(email)),
        ...(username !== null && address.test(username) ? [] : identifier('username', username)),
        ...identifier('phone', phone, isVerified(phone)),
      ],
      name: text(traits.name) ?? fullName(name.first ?? traits.first_name, name.last ?? traits.last_name),
      locale: text(traits.locale),
      isDisabled: identity.state === 'inactive',
      createdAt: time(identity.created_at),
      credentials: [...password(hash), ...identitiesOf(credentials)],
      warnings: [
        ...warnedIf(text(config.password) !== null, 'password_clear_text'),
        ...warnedIf(isElsewhere, 'password_elsewhere'),
        ...warnedIf('totp' in credentials, 'authenticator_unsupported'),
        ...warnedIf('webauthn' in credentials || 'passkey' in credentials, 'passkey_left_out'),
        ...warnedIf(text(identity.organization_id) !== null, 'groups_left_out'),
      ],
    })
  },
}

const identitiesOf = (credentials: ImportRecord): ImportedAccount['credentials'] =>
  ['oidc', 'saml'].flatMap((kind) =>
    list(record(record(credentials[kind]).config).providers).flatMap((one) =>
      identity(record(one).provider, record(one).subject),
    ),
  )
