import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import type { ImportedCredential, ImportWarning } from '../domain/imported-account.ts'
import { base32 } from './base32.ts'
import {
  addressAndUsername,
  flag,
  fullName,
  has,
  identity,
  imported,
  inner,
  list,
  record,
  text,
  texts,
  time,
  warnedIf,
} from './fields.ts'

const actions = { mustChange: 'UPDATE_PASSWORD', mustVerify: 'VERIFY_EMAIL' } as const

/**
 * Users of a realm's export, of a partial export, and of the files of a directory export. Which shape a
 * credential has follows from its keys: JSON inside JSON, or beside each other as before version 8.
 */
export const keycloak: ImportSource = {
  id: 'keycloak',
  name: 'Keycloak',
  formats: ['json'],
  recognises: (user) =>
    has(user, 'username') &&
    ['realmRoles', 'requiredActions', 'disableableCredentialTypes', 'emailVerified'].some(
      (key) => key in user,
    ) &&
    !has(user, 'traits'),
  map(user) {
    const sourceId = text(user.id)
    if (text(user.serviceAccountClientId) !== null) return { skip: 'service_account', sourceId }
    const [username, email] = [text(user.username), text(user.email)]
    const required = texts(user.requiredActions)
    const mustChange = required.includes(actions.mustChange)
    const isVerified = flag(user.emailVerified) && !required.includes(actions.mustVerify)
    const credentials = list(user.credentials).map((one) => credentialOf(record(one)))
    const made = credentials.filter((one) => typeof one === 'object')
    return imported({
      sourceId,
      identifiers: addressAndUsername({ email, username }, isVerified),
      name: fullName(user.firstName, user.lastName),
      locale: text(list(record(user.attributes).locale)[0]),
      isDisabled: 'enabled' in user && !flag(user.enabled),
      createdAt: time(user.createdTimestamp),
      credentials: [
        ...made.filter(({ type }) => type !== 'password-hash' || !mustChange),
        ...list(user.federatedIdentities).flatMap((one) => {
          const { identityProvider, userId } = record(one)
          return identity(identityProvider, userId)
        }),
      ],
      groups: texts(user.groups).map((path) => path.slice(path.lastIndexOf('/') + 1)),
      warnings: [
        ...credentials.filter((one) => typeof one === 'string'),
        ...warnedIf(mustChange, 'password_must_change'),
        ...warnedIf(text(user.federationLink) !== null, 'directory_user'),
      ],
    })
  },
}

/** The credential, or why it is left out. */
function credentialOf(credential: ImportRecord): ImportedCredential | ImportWarning | undefined {
  const [secret, data] = [inner(credential.secretData), inner(credential.credentialData)]
  const type = text(credential.type)
  if (type === 'password') {
    if (!has(credential, 'secretData') && !has(credential, 'hashedSaltedValue'))
      return text(credential.value) === null ? undefined : 'password_clear_text'
    const { secretData, credentialData, hashedSaltedValue, salt, hashIterations, algorithm } = credential
    const kept =
      secretData === undefined
        ? { hashedSaltedValue, salt, hashIterations, algorithm }
        : { secretData, credentialData }
    return { type: 'password-hash', hash: JSON.stringify(kept), secret: null }
  }
  if (type === 'otp' || type === 'totp') {
    const value = text(secret.value) ?? text(credential.hashedSaltedValue)
    if (value === null) return 'authenticator_malformed'
    const settings = has(data, 'digits') ? data : credential
    if ((text(data.subType) ?? 'totp') !== 'totp') return 'authenticator_unsupported'
    return {
      type: 'authenticator',
      // Keycloak keeps the secret's own letters, unless it says otherwise.
      secret: text(data.secretEncoding) === 'BASE32' ? value : base32(Buffer.from(value)),
      algorithm: text(settings.algorithm)?.replace(/^Hmac/i, '') ?? 'SHA1',
      digits: Number(settings.digits ?? 6),
      periodSeconds: Number(settings.period ?? 30),
    }
  }
  return type === 'webauthn' || type === 'webauthn-passwordless' ? 'passkey_left_out' : undefined
}
