import { decodeJwt } from 'jose'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import type { ProviderClient } from './provider-client.ts'

/**
 * The subject of a user for this client: public, the account id; or pairwise, one a sector (OIDC Core §8).
 */
export const subjectFor = (
  secrets: ProviderSecrets,
  client: Pick<ProviderClient, 'clientId' | 'subjectType' | 'sectorIdentifier'>,
  accountId: string,
): string =>
  client.subjectType === 'pairwise'
    ? secrets.pairwiseSubject({ sector: client.sectorIdentifier ?? client.clientId, accountId })
    : accountId

/**
 * The subject of an `id_token_hint` that the library has verified, or of `claims`; undefined if neither names
 * one.
 */
export function wantedSubject({ hint, claims }: { hint: unknown; claims: unknown }): string | undefined {
  const named = (claims as { id_token?: { sub?: { value?: unknown } } } | undefined)?.id_token?.sub?.value
  if (typeof named === 'string') return named
  return typeof hint === 'string' ? decodeJwt(hint).sub : undefined
}
