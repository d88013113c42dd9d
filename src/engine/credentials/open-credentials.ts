import { isOpenFor } from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import type { ConnectionId } from '../../domain/id.ts'
import type { Some } from '../../store/store.ts'
import type { CredentialNeeds } from './needs.ts'

/** Those that sign in today: an identity elsewhere does not while its connection is disabled or gone. */
export async function openCredentials(
  { methods, store }: Pick<CredentialNeeds, 'methods'> & { store: Some<'connections'> },
  credentials: readonly Credential[],
): Promise<Credential[]> {
  const open = await Promise.all(
    credentials.map(async ({ kind, data, lookup }) => {
      const method = methods.find(kind)
      if (!method?.redirects) return true
      const { connection } = method.describe?.(data, lookup) ?? {}
      const found = await store.connections.find(connection as ConnectionId)
      return found !== undefined && isOpenFor(found, 'sign-in')
    }),
  )
  return credentials.filter((_, index) => open[index])
}
