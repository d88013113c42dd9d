import { type ConnectionKind, UpstreamFault } from '../../domain/connection.ts'
import { issuerOf, type LdapSettings, ldapSettings } from './ldap-settings.ts'
import type { Network } from './open-directory.ts'

/** Of each connection: one directory that hangs holds up nothing else. */
const connectionsMax = 16

/** A directory by LDAP v3 (RFC 4511): the user's name and password are typed here, and checked there. */
export function createLdapKind(network: Network): ConnectionKind {
  const open = new Map<string, number>()

  /** Throws UpstreamFault while too many are at it. */
  async function bounded<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    const now = open.get(id) ?? 0
    if (now >= connectionsMax) throw new UpstreamFault('unavailable', 'too many wait for the directory')
    open.set(id, now + 1)
    try {
      return await work()
    } finally {
      const left = (open.get(id) ?? 1) - 1
      if (left > 0) open.set(id, left)
      else open.delete(id)
    }
  }

  return {
    id: 'ldap',
    settings: ldapSettings,
    needsClient: false,
    async test(call) {
      const { testLdapConnection } = await import('./test-ldap.ts')
      return testLdapConnection(call, network)
    },
    async check(call, typed) {
      const { withDirectory } = await import('./open-directory.ts')
      const { checkPassword } = await import('./check-password.ts')
      const settings = call.connection.settings as LdapSettings
      return bounded(call.connection.id, () =>
        withDirectory(settings, network, (client) => checkPassword(client, call, typed)),
      )
    },
    directory: {
      issuer: issuerOf,
      canBeAsked: ({ settings, secretSealed }) =>
        (settings as LdapSettings).user_dn === undefined || secretSealed !== null,
      async findGone(call, subjects) {
        const { withDirectory } = await import('./open-directory.ts')
        const { findGone } = await import('./find-gone.ts')
        const settings = call.connection.settings as LdapSettings
        return withDirectory(settings, network, (client) => findGone(client, call, subjects))
      },
    },
    receive: async () => undefined,
    unlink: async () => false,
    signOutUrl: async () => undefined,
  }
}
