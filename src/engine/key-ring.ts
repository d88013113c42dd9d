import {
  type AccessTokenClaims,
  type AccessTokenSigner,
  createAccessTokenSigner,
  createAccessTokenVerifier,
  type VerifiedToken,
} from '../crypto/access-token.ts'
import type { Sealer } from '../crypto/seal.ts'
import { publicKeyOf } from '../crypto/signing-key.ts'
import type { SigningKey } from '../domain/signing-key.ts'
import type { Store } from '../store/store.ts'

export interface Jwks {
  keys: Record<string, unknown>[]
}

/** The signing keys in memory, kept in step with the database by `load`. */
export interface KeyRing {
  /** True where the keys have changed since the last call. Throws where there is no current key. */
  load(): Promise<boolean>
  sign(claims: AccessTokenClaims): string
  verify(token: string, now: number): VerifiedToken
  /** RFC 7517 §5: every key that may have signed a token that is still good, and the next one. */
  jwks(): Jwks
  keys(): readonly SigningKey[]
}

export const privateKeyBinding = (kid: string): string => `signing_key/${kid}`

export function createKeyRing(given: { store: Store; sealer: Sealer; issuer: string; audience: string }): KeyRing {
  const { store, sealer, issuer, audience } = given
  let fingerprint = ''
  let live: readonly SigningKey[] = []
  let signer: AccessTokenSigner | undefined
  let verifier: ReturnType<typeof createAccessTokenVerifier> = () => ({ ok: false, fault: 'signature' })
  let published: Jwks = { keys: [] }

  function adopt(keys: readonly SigningKey[]): void {
    const current = keys.find((key) => key.state === 'current')
    if (!current) throw new Error('there is no current signing key')
    const privatePem = sealer.open(current.privateSealed, privateKeyBinding(current.kid))
    signer = createAccessTokenSigner({ kid: current.kid, algorithm: current.algorithm, privatePem })
    verifier = createAccessTokenVerifier({
      issuer,
      audience,
      keys: keys.map(({ kid, algorithm, publicJwk }) => ({ kid, algorithm, publicKey: publicKeyOf(publicJwk) })),
    })
    published = { keys: keys.map((key) => key.publicJwk) }
    live = keys
  }

  return {
    async load() {
      const keys = await store.signingKeys.listLive()
      const seen = keys.map((key) => `${key.kid} ${key.state}`).join('\n')
      if (seen === fingerprint) return false
      adopt(keys)
      fingerprint = seen
      return true
    },
    sign(claims) {
      if (!signer) throw new Error('the signing keys are not loaded')
      return signer(claims)
    },
    verify: (token, now) => verifier(token, now),
    jwks: () => published,
    keys: () => live,
  }
}
