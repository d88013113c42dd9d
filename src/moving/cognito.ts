import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import type { ImportedAccount } from '../domain/imported-account.ts'
import { flag, fullName, has, identifier, identity, imported, list, record, text, time } from './fields.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Amazon Cognito: its CSV, with columns in any order, and the JSON of `list-users`. It gives out no hashes.
 */
export const cognito: ImportSource = {
  id: 'cognito',
  name: 'Amazon Cognito',
  formats: ['csv', 'json'],
  recognises: (user) => has(user, 'cognito:username') || has(user, 'Username', 'UserStatus'),
  map(user, { format }) {
    const isList = has(user, 'UserStatus')
    const attributes = isList ? attributesOf(user) : user
    // In its CSV a comma inside a value has a backslash before it.
    const value = (name: string): string | null => {
      const given = text(attributes[name])
      return given !== null && format === 'csv' ? given.replaceAll('\\,', ',') : given
    }
    const username = text(isList ? user.Username : user['cognito:username'])
    const preferred = value('preferred_username')
    const name = preferred ?? username
    const email = value('email')
    const isName = name !== null && !uuid.test(name) && name !== email && !/^\w+_\w{10,}$/.test(name)
    return imported({
      sourceId: value('sub') ?? username,
      identifiers: [
        ...identifier('email', email, flag(attributes.email_verified)),
        ...identifier('phone', value('phone_number'), flag(attributes.phone_number_verified)),
        ...(isName && !name.includes('@') && !name.startsWith('+') ? identifier('username', name) : []),
      ],
      name: value('name') ?? fullName(value('given_name'), value('family_name')),
      locale: value('locale'),
      isDisabled: isList && !flag(user.Enabled),
      createdAt: isList ? time(user.UserCreateDate) : null,
      credentials: identitiesIn(value('identities')),
      warnings: user.UserStatus === 'EXTERNAL_PROVIDER' ? [] : ['password_elsewhere'],
    })
  },
}

const attributesOf = (user: ImportRecord): ImportRecord =>
  Object.fromEntries(
    [...list(user.Attributes), ...list(user.UserAttributes)].map((one) => {
      const { Name, Value } = record(one)
      return [String(Name), Value]
    }),
  )

function identitiesIn(json: string | null): ImportedAccount['credentials'] {
  let given: unknown
  try {
    given = JSON.parse(json ?? '[]')
  } catch {
    return []
  }
  return list(given).flatMap((one) => {
    const { userId, providerName, issuer } = record(one)
    return identity(providerName, userId, text(issuer))
  })
}
