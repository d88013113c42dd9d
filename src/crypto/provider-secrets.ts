import { createHmac } from 'node:crypto'
import type { MasterKey } from './master-key.ts'

/** Values of the OpenID provider that nobody can foresee and every node makes alike. */
export interface ProviderSecrets {
  /** The refresh token after this one: whoever redeems it twice at once gets the same. */
  successorOf(refreshToken: string): string
  /** Who an account is to the clients of one sector (OIDC Core §8.1). */
  pairwiseSubject(subject: { sector: string; accountId: string }): string
}

export function createProviderSecrets(masterKey: MasterKey): ProviderSecrets {
  const [successors, subjects] = [masterKey.for('refresh-successor'), masterKey.for('pairwise-subject')]
  return {
    successorOf: (refreshToken) => createHmac('sha256', successors).update(refreshToken).digest('base64url'),
    pairwiseSubject: ({ sector, accountId }) =>
      createHmac('sha256', subjects)
        .update(JSON.stringify([sector, accountId]))
        .digest('base64url'),
  }
}
