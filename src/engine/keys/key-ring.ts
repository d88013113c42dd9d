import {
  type AccessTokenClaims,
  type AccessTokenSigner,
  createAccessTokenSigner,
  createAccessTokenVerifier,
  createStatusListSigner,
  type StatusListClaims,
  type VerifiedToken,
} from '../../crypto/access-token.ts'
import type { Sealer } from '../../crypto/seal.ts'
import { privateJwkOf, publicKeyOf } from '../../crypto/signing-key.ts'
import type { SigningAlgorithm, SigningKey } from '../../domain/signing-key.ts'
import type { Store } from '../../store/store.ts'

export interface Jwks {
  keys: Record<string, unknown>[]
}

/** The signing keys in memory, kept in step with the database by `load`. */
export interface KeyRing {
  /** True if the keys have changed since the last call. Throws where there is no current key. */
  load(): Promise<boolean>
  sign(claims: AccessTokenClaims): string
  signStatusList(claims: StatusListClaims): string
  /** Of the key that signs. */
  signingKid(): string
  verify(token: string, now: number): VerifiedToken
  /** The same for a token that is meant for any service. */
  verifyForAnybody(token: string, now: number): VerifiedToken
  /** RFC 7517 §5: every key that may have signed a valid token, and the next one. */
  jwks(): Jwks
  keys(): readonly SigningKey[]
  /**
   * Those that sign and those that signed, each with its private half; the current one of an algorithm before
   * the others.
   */
  privateJwks(): Jwks
}

export const privateKeyBinding = (kid: string): string => `signing_key/${kid}`

export function createKeyRing(given: {
  store: Store
  sealer: Sealer
  issuer: string
  audience: string
  signingAlgorithm: SigningAlgorithm
}): KeyRing {
  const { store, sealer, issuer, audience, signingAlgorithm } = given
  let fingerprint = ''
  let live: readonly SigningKey[] = []
  let signer:
    | { kid: string; token: AccessTokenSigner; statusList: (claims: StatusListClaims) => string }
    | undefined
  let verifier: ReturnType<typeof createAccessTokenVerifier> = () => ({ ok: false, fault: 'signature' })
  let verifierForAnybody = verifier
  let published: Jwks = { keys: [] }

  function use(keys: readonly SigningKey[]): void {
    const current = currentOf(keys, signingAlgorithm)
    if (!current) throw new Error('there is no current signing key')
    const key = { kid: current.kid, algorithm: current.algorithm, privatePem: privatePemOf(current) }
    signer = {
      kid: current.kid,
      token: createAccessTokenSigner(key),
      statusList: createStatusListSigner(key),
    }
    const verificationKeys = keys.map(({ kid, algorithm, publicJwk }) => ({
      kid,
      algorithm,
      publicKey: publicKeyOf(publicJwk),
    }))
    verifier = createAccessTokenVerifier({ issuer, audience, keys: verificationKeys })
    verifierForAnybody = createAccessTokenVerifier({ issuer, audience: null, keys: verificationKeys })
    published = { keys: keys.map((key) => key.publicJwk) }
    live = keys
  }

  function loaded(): NonNullable<typeof signer> {
    if (!signer) throw new Error('the signing keys are not loaded')
    return signer
  }

  const privatePemOf = ({ privateSealed, kid }: SigningKey): string =>
    sealer.open(privateSealed, privateKeyBinding(kid))

  return {
    async load() {
      const keys = await store.signingKeys.listLive()
      const seen = keys.map((key) => `${key.kid} ${key.state}`).join('\n')
      if (seen === fingerprint) return false
      use(keys)
      fingerprint = seen
      return true
    },
    sign: (claims) => loaded().token(claims),
    signStatusList: (claims) => loaded().statusList(claims),
    signingKid: () => loaded().kid,
    verify: (token, now) => verifier(token, now),
    verifyForAnybody: (token, now) => verifierForAnybody(token, now),
    jwks: () => published,
    keys: () => live,
    privateJwks() {
      const signing = [
        ...live.filter(({ state }) => state === 'current'),
        ...live.filter(({ state }) => state === 'previous'),
      ]
      return {
        keys: signing.map((key) => ({
          ...privateJwkOf(privatePemOf(key)),
          kid: key.kid,
          alg: key.algorithm,
          use: 'sig',
        })),
      }
    },
  }
}

/** After a change of the algorithm, the new key signs at once. */
export const currentOf = (keys: readonly SigningKey[], algorithm: SigningAlgorithm): SigningKey | undefined =>
  keys.find((key) => key.state === 'current' && key.algorithm === algorithm) ??
  keys.find((key) => key.state === 'current')
