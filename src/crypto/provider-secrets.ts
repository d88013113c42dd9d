import { createHmac, type KeyObject } from 'node:crypto'
import type { MasterKey } from './master-key.ts'

/** Unpredictable values of the OpenID provider that every node derives alike. */
export interface ProviderSecrets {
  /** The refresh token after this one: redeemed twice at once, it gives the same successor. */
  successorOf(refreshToken: string): string
  /** Who an account is to the clients of one sector (OIDC Core §8.1). */
  pairwiseSubject(subject: { sector: string; accountId: string }): string
}

/** `subjects`: stays the same where the master key is replaced. */
export function createProviderSecrets(masterKey: MasterKey, subjects: KeyObject): ProviderSecrets {
  const successors = masterKey.for('refresh-successor')
  return {
    successorOf: (refreshToken) => createHmac('sha256', successors).update(refreshToken).digest('base64url'),
    pairwiseSubject: ({ sector, accountId }) =>
      createHmac('sha256', subjects)
        .update(JSON.stringify([sector, accountId]))
        .digest('base64url'),
  }
}
