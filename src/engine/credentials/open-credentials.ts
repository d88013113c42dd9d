import { type Connection, isOpenFor } from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { Some } from '../../store/store.ts'
import type { CredentialNeeds } from './needs.ts'

interface Reading {
  store: Some<'connections'>
}

/** The connection by which an identity elsewhere signs in; undefined while it is disabled, or gone. */
export async function openConnectionOf(
  { store }: Reading,
  method: MethodDefinition,
  { data }: Credential,
): Promise<Connection | undefined> {
  const identity = method.identity?.(data)
  const found = identity && (await store.connections.find(identity.connection))
  return found && isOpenFor(found, 'sign-in') ? found : undefined
}

/** Those that sign in today: an identity elsewhere needs its connection. */
export async function openCredentials(
  { methods, store }: Pick<CredentialNeeds, 'methods'> & Reading,
  credentials: readonly Credential[],
): Promise<Credential[]> {
  const open = await Promise.all(
    credentials.map(async (credential) => {
      const method = methods.find(credential.kind)
      return !method?.upstream || (await openConnectionOf({ store }, method, credential)) !== undefined
    }),
  )
  return credentials.filter((_, index) => open[index])
}
