import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createJwsVerifier, type VerificationKey } from '../../src/crypto/jws.ts'
import { publicKeyOf } from '../../src/crypto/signing-key.ts'
import { type SigningAlgorithm, signingAlgorithms } from '../../src/domain/signing-key.ts'

// C2SP Wycheproof's cases of JWS and JWK; only our signing algorithms apply.
const folder = new URL('../../../shared/vectors/', import.meta.url)

interface Case {
  tcId: number
  comment: string
  jws: unknown
  result: 'valid' | 'invalid' | 'acceptable'
}
interface Group {
  public?: Jwk
  private?: Jwk
  tests: Case[]
}

for (const file of ['json_web_signature_test.json', 'json_web_key_test.json']) {
  const path = new URL(file, folder)
  const skip = existsSync(path)
    ? false
    : 'no Wycheproof vectors in ../shared/vectors; CONTRIBUTING.md says where to get them'
  test(`Wycheproof ${file}: invalid vectors are refused, and valid ones of our algorithms are accepted`, {
    skip,
  }, () => {
    const { testGroups } = JSON.parse(readFileSync(path, 'utf8')) as { testGroups: Group[] }
    let [accepted, refused] = [0, 0]
    for (const { public: publicPart, private: privatePart, tests } of testGroups) {
      const keys = keysOf(publicPart ?? privatePart ?? {})
      for (const { tcId, comment, jws, result } of tests) {
        // JSON serialisations are never given to the verifier
        if (typeof jws !== 'string' || notOurs.has(comment)) continue
        const verdict = createJwsVerifier({ type: null, keys })(jws).ok
        if (verdict) accepted++
        else refused++
        if (result === 'invalid') assert.equal(verdict, false, `${tcId} ${comment}`)
        if (result === 'valid' && keys.length > 0) assert.equal(verdict, true, `${tcId} ${comment}`)
      }
    }
    assert.ok(refused >= 20 && accepted >= 1, `${accepted} accepted, ${refused} refused`)
  })
}

// About keys made elsewhere, which this server never takes in: it makes all of its own.
const notOurs = new Set(['rejectsKeyWithRocaVulnerability'])

type Jwk = Record<string, unknown>

/**
 * What a verifier may be made of: keys for signing, with an algorithm of ours that fits them. Mixing in a
 * symmetric one spoils the set.
 */
function keysOf(jwk: Jwk): VerificationKey[] {
  const all = Array.isArray(jwk.keys) ? (jwk.keys as Jwk[]) : [jwk]
  if (all.length > 1 && all.some(({ kty }) => kty === 'oct')) return []
  return all.flatMap((key) => {
    const algorithm = signingAlgorithms.find((known) => known === key.alg)
    const operations = key.key_ops as string[] | undefined
    const isForSigning =
      (key.use ?? 'sig') === 'sig' && (operations ?? ['verify']).includes('verify') && key.kty !== 'oct'
    if (!algorithm || !isForSigning || !fits(algorithm, key)) return []
    try {
      return [{ kid: String(key.kid), algorithm, publicKey: publicKeyOf(key) }]
    } catch {
      return []
    }
  })
}

const fits = (algorithm: SigningAlgorithm, { kty, crv }: Jwk): boolean =>
  ({ ES256: kty === 'EC' && crv === 'P-256', EdDSA: kty === 'OKP', RS256: kty === 'RSA' })[algorithm]
