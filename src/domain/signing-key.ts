export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

export const signingKeyStates = ['next', 'current', 'previous', 'retired'] as const
export type SigningKeyState = (typeof signingKeyStates)[number]

/**
 * `kid` is the RFC 7638 thumbprint. `privateSealed` opens only with the master key. Times are milliseconds.
 */
export interface SigningKey {
  kid: string
  algorithm: SigningAlgorithm
  state: SigningKeyState
  publicJwk: Record<string, unknown>
  privateSealed: string
  createdAt: number
  currentSince: number | null
  previousSince: number | null
}
