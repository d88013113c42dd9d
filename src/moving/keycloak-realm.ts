import type { ExportedAccount, ExportLine } from '../domain/account-export.ts'

type Exported = ExportedAccount['credentials'][number]

const argon2 = /^\$(argon2id|argon2i|argon2d)\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/
const sealedMark = '$sealed'

/**
 * The persons of an export as a realm that Keycloak imports: names, verified addresses, our argon2id hashes,
 * authenticator apps, identities of providers, and organisations as groups. What Keycloak has no place for
 * (passkeys of this host, recovery codes, API keys, hashes of other systems) is left out.
 */
export async function* keycloakRealm(lines: AsyncGenerator<ExportLine>): AsyncGenerator<string> {
  yield '{"realm":"sumun","enabled":true,"users":[\n'
  const groups = new Set<string>()
  let isFirst = true
  for await (const line of lines) {
    if (!('account' in line) || line.account.kind !== 'person') continue
    for (const { organisation } of line.account.memberships) groups.add(organisation)
    yield `${isFirst ? '' : ',\n'}${JSON.stringify(userOf(line.account))}`
    isFirst = false
  }
  yield `\n],"groups":${JSON.stringify([...groups].map((name) => ({ name, path: `/${name}` })))}}\n`
}

function userOf(account: ExportedAccount) {
  const find = (kind: string) =>
    account.identifiers.find(
      (one) => one.kind === kind && one.suspended_at === null && !one.value.includes(' '),
    )
  const [email, username, phone] = [find('email'), find('username'), find('phone')]
  return {
    id: account.id,
    // Keycloak requires one.
    username: username?.value ?? email?.value ?? phone?.value ?? account.id,
    ...(email && { email: email.value, emailVerified: email.verified_at !== null }),
    firstName: account.name ?? '',
    lastName: '',
    enabled: account.state === 'active',
    createdTimestamp: Date.parse(account.created_at),
    attributes: { locale: [account.locale], ...(phone && { phoneNumber: [phone.value] }) },
    credentials: account.credentials.flatMap((one) => passwordOf(one) ?? authenticatorOf(one) ?? []),
    federatedIdentities: account.credentials.flatMap((one) => identityOf(one) ?? []),
    requiredActions: [],
    groups: account.memberships.map(({ organisation }) => `/${organisation}`),
  }
}

const padded = (base64: string): string => base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')

function passwordOf({ data, created_at: created }: Exported) {
  const { hash } = data as { hash?: unknown }
  const [, type = '', version, memory, passes, parallelism, salt = '', tag = ''] =
    typeof hash === 'string' ? (argon2.exec(hash) ?? []) : []
  if (type === '') return undefined
  const additionalParameters = {
    ...{ hashLength: [String(Buffer.from(tag, 'base64').length)], memory: [memory] },
    ...{ type: [type.slice('argon2'.length)], version: [version === '19' ? '1.3' : '1.0'] },
    parallelism: [parallelism],
  }
  return {
    ...{ type: 'password', createdDate: Date.parse(created) },
    secretData: JSON.stringify({ value: padded(tag), salt: padded(salt), additionalParameters: {} }),
    credentialData: JSON.stringify({
      ...{ hashIterations: Number(passes), algorithm: 'argon2', additionalParameters },
    }),
  }
}

function authenticatorOf({ data, created_at: created, name }: Exported) {
  const { secretSealed, algorithm, digits } = data as Record<string, unknown>
  const secret = (secretSealed as Record<string, unknown> | undefined)?.[sealedMark]
  if (typeof secret !== 'string' || typeof algorithm !== 'string') return undefined
  return {
    ...{ type: 'otp', userLabel: name ?? '', createdDate: Date.parse(created) },
    secretData: JSON.stringify({ value: secret }),
    credentialData: JSON.stringify({
      ...{ subType: 'totp', digits, counter: 0, period: 30, algorithm: `Hmac${algorithm}` },
      secretEncoding: 'BASE32',
    }),
  }
}

function identityOf({ data }: Exported) {
  const { connection, subject, email } = data as Record<string, unknown>
  const slug = (connection as Record<string, unknown> | undefined)?.$connection
  if (typeof slug !== 'string' || typeof subject !== 'string') return undefined
  return { identityProvider: slug, userId: subject, userName: typeof email === 'string' ? email : subject }
}
