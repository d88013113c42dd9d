import { type ConnectionCall, type ConnectionFinding, UpstreamFault } from '../../domain/connection.ts'
import { bindAsService } from './check-password.ts'
import { binaryAttributes, keyOf, textOf } from './entry.ts'
import { attributesOf, operatorFilter } from './find-user.ts'
import type { LdapSettings } from './ldap-settings.ts'
import { asFault, type Network, withDirectory } from './open-directory.ts'

/** What can be seen without a user's password: each server, the service account, and one entry. */
export async function testLdapConnection(
  call: ConnectionCall,
  network: Network,
): Promise<ConnectionFinding[]> {
  const settings = call.connection.settings as LdapSettings
  const findings: ConnectionFinding[] = []
  for (const url of settings.urls) findings.push(...(await testServer(call, { url, network })))
  return findings
}

async function testServer(
  call: ConnectionCall,
  { url, network }: { url: string; network: Network },
): Promise<ConnectionFinding[]> {
  const settings = call.connection.settings as LdapSettings
  const findings: ConnectionFinding[] = []
  const say = (
    check: ConnectionFinding['check'],
    verdict: ConnectionFinding['verdict'],
    detail: string,
    fix: string | null = null,
  ) => findings.push({ check, verdict, detail: `${url}: ${detail}`, fix })
  try {
    await withDirectory({ ...settings, urls: [url] }, network, async (client) => {
      say('discovery', 'ok', 'it answers, protected by TLS')
      await bindAsService(client, call)
      say('client', 'ok', call.secret ? 'the service account is accepted' : 'there is no service account')
      if (settings.user_dn !== undefined) return
      const { AndFilter, PresenceFilter } = await import('ldapts')
      const filters = [new PresenceFilter({ attribute: settings.login[0] as string })]
      const { searchEntries } = await client.search(settings.base_dn, {
        filter: new AndFilter({ filters: [...filters, ...(await operatorFilter(settings))] }),
        ...{ sizeLimit: 1, attributes: attributesOf(settings), explicitBufferAttributes: binaryAttributes },
      })
      const [one] = searchEntries
      if (!one)
        say('claims', 'fault', 'it shows no user', 'check base_dn, filter, and what the account may read')
      else if (!keyOf(one, settings.key))
        say('claims', 'fault', `${one.dn} has no single ${settings.key}`, 'set key to what identifies a user')
      else if (textOf(one, settings.email) === null)
        say(
          'claims',
          'warning',
          `${one.dn} has no ${settings.email}`,
          'set email to the attribute with the address',
        )
      else say('claims', 'ok', `it shows users, such as ${one.dn}`)
    })
  } catch (error) {
    const { reason, message } = asFault(error)
    const isRefused = error instanceof UpstreamFault && reason === 'misconfigured'
    say(
      isRefused ? 'client' : 'discovery',
      'fault',
      message,
      isRefused ? 'check client_id and the secret' : 'check urls, ca, and the name in its certificate',
    )
  }
  return findings
}
