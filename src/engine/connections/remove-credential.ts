import type { Credential } from '../../domain/credential.ts'
import { removeCredential } from '../credentials/credentials.ts'
import type { CredentialNeeds } from '../credentials/needs.ts'
import { type LeavingNeeds, type Unlinked, unlinkUpstream } from './leave-upstream.ts'

/**
 * Removes a credential; an identity elsewhere is unlinked there too, where a token was kept for that. Throws
 * what `removeCredential` throws.
 */
export async function removeAndUnlink(
  engine: CredentialNeeds & LeavingNeeds,
  given: Parameters<typeof removeCredential>[1],
): Promise<Unlinked | undefined> {
  const removed: Credential = await removeCredential(engine, given)
  return unlinkUpstream(engine, removed, given.requester.now)
}
