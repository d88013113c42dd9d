import type { Client, Entry } from 'ldapts'
import {
  type Checked,
  type ConnectionCall,
  type TypedAnswer,
  UpstreamFault,
} from '../../domain/connection.ts'
import { identityOf } from '../profile.ts'
import { refusalIn, stateOf } from './account-state.ts'
import { keyOf, textOf } from './entry.ts'
import { dnByTemplate, findUser, readUser } from './find-user.ts'
import { groupsOf } from './groups.ts'
import { issuerOf, type LdapSettings } from './ldap-settings.ts'

// RFC 4511 Appendix A.2, as far as directories refuse a name or a password by them.
const refusing: ReadonlySet<number> = new Set([19, 32, 34, 48, 49, 50, 53])
const decoyBytes = 12
type Refused = Extract<Checked, { refused: unknown }>

const refused = (detail: string, why: Refused['refused'] = 'wrong'): Refused => ({ refused: why, detail })

/** Binds as the user, then reads groups as the service account. Throws what LDAP throws; UpstreamFault. */
export async function checkPassword(
  client: Client,
  call: ConnectionCall,
  { username, password }: TypedAnswer,
): Promise<Checked> {
  const settings = call.connection.settings as LdapSettings
  const found = await userFor(client, call, username)
  const dn = found?.dn ?? `cn=${call.random.bytes(decoyBytes).toString('hex')},${settings.base_dn}`
  const refusal = await bindAsUser(client, dn, password)
  if (!found) return refused('no user, or several, of that name')
  if (refusal) return refusal
  const user = found.entry ?? (await readUser(client, settings, dn))
  if (!user) return refused('the user may not read the own entry')
  const state = stateOf(settings, user, call.now)
  if (state !== 'active') return refused(`the account is ${state}`, state)
  const key = keyOf(user, settings.key)
  if (!key) throw new UpstreamFault('misconfigured', `${dn} has no single ${settings.key}`)
  if (settings.user_dn === undefined || call.secret !== null) await bindAsService(client, call)
  const groups = settings.roles === undefined ? [] : await groupsOf(client, settings, user)
  return { identity: identityFrom(call.connection, user, { key, groups }) }
}

/** Throws UpstreamFault if the service account is refused. */
export async function bindAsService(
  client: Client,
  { connection: { clientId }, secret }: Pick<ConnectionCall, 'connection' | 'secret'>,
): Promise<void> {
  // Without a password a bind proves nothing, and succeeds (RFC 4513 §5.1.2).
  if (clientId === '' || !secret) return
  await client.bind(clientId, secret).catch((error) => {
    if (!isRefusal(error)) throw error
    throw new UpstreamFault('misconfigured', `the service account is refused: ${error.message}`)
  })
}

export const isRefusal = (error: unknown): error is Error & { code: number } =>
  error instanceof Error && refusing.has((error as Error & { code?: number }).code ?? -1)

async function userFor(
  client: Client,
  call: ConnectionCall,
  username: string,
): Promise<{ dn: string; entry?: Entry } | undefined> {
  const settings = call.connection.settings as LdapSettings
  if (settings.user_dn !== undefined) return { dn: dnByTemplate(settings.user_dn, username) }
  await bindAsService(client, call)
  const entry = await findUser(client, settings, bareName(settings, username))
  return entry && { dn: entry.dn, entry }
}

/** Windows also takes `DOMAIN\name`. */
const bareName = ({ active_directory: is = false }: LdapSettings, username: string): string =>
  is ? username.replace(/^[^\\]*\\/, '') : username

/** Undefined if the password is right. An empty one is refused before this: it would succeed. */
async function bindAsUser(client: Client, dn: string, password: string): Promise<Refused | undefined> {
  try {
    await client.bind(dn, password)
    return undefined
  } catch (error) {
    if (!isRefusal(error)) throw error
    return refused(error.message, refusalIn(error.message) ?? 'wrong')
  }
}

function identityFrom(
  connection: ConnectionCall['connection'],
  user: Entry,
  { key, groups }: { key: string; groups: string[] },
) {
  const { email, name } = connection.settings as LdapSettings
  const claims = {
    ...{ iss: issuerOf(connection), sub: key, groups },
    ...{ email: textOf(user, email), name: textOf(user, name) },
  }
  return { ...identityOf(connection, { isDirectory: true }, claims), tokens: null }
}
