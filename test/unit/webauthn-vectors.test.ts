import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Answer, Data, EnrolAnswer } from '../../src/methods/passkey/schema.ts'
import { verifyAssertion, verifyAttestation } from '../../src/methods/passkey/verify.ts'

// W3C WebAuthn Level 3 §16: what authenticators of every kind give, as the specification prints it.
const path = join(import.meta.dirname, '../../../shared/vectors/webauthn-l3.json')
const missing = existsSync(path)
  ? false
  : 'no W3C test vectors in ../shared/vectors; CONTRIBUTING.md says where to get them'
const file = missing ? undefined : JSON.parse(readFileSync(path, 'utf8'))
const relyingParty = file && { id: file.rpId, origins: [file.origin] }
const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

interface Vector {
  id: string
  registration: Record<string, string>
  authentication: Record<string, string>
}
const vectors: Vector[] = (file?.vectors ?? []).filter(({ registration }: Partial<Vector>) => registration)
const short = ({ id }: Vector): string => id.replace('sctn-test-vectors-', '')

// Not ours to take: keys of kinds that we do not offer, chains to roots that we were not given, and pages
// framed by another site.
const refusedOnRegistration: Readonly<Record<string, RegExp>> = {
  'none-es256-crossOrigin': /framed/,
  'none-es256-topOrigin': /framed/,
  'packed-es384': /alg/,
  'packed-es512': /alg/,
  'packed-ed448': /alg|OKP|curve/i,
  'tpm-es256': /./,
  'android-key-es256': /./,
  'apple-es256': /./,
  'fido-u2f-es256': /./,
}

const register = ({ registration }: Vector, change: Partial<EnrolAnswer['response']> = {}) =>
  verifyAttestation({
    answer: {
      id: base64url(registration.credential_id as string),
      rawId: base64url(registration.credential_id as string),
      type: 'public-key',
      response: {
        clientDataJSON: base64url(registration.clientDataJSON as string),
        attestationObject: base64url(registration.attestationObject as string),
        ...change,
      },
    },
    isChallenge: (challenge) => challenge === base64url(registration.challenge as string),
    relyingParty,
    userVerification: 'preferred',
    anchors: null,
  })

/** The key stands in the attested credential data, after the credential's id (§6.5.1). */
async function publicKeyOf({ registration }: Vector): Promise<string> {
  const { decodeAttestationObject, parseAuthenticatorData } = await import('@simplewebauthn/server/helpers')
  const attestation = decodeAttestationObject(
    new Uint8Array(Buffer.from(registration.attestationObject as string, 'hex')),
  )
  return Buffer.from(
    parseAuthenticatorData(attestation.get('authData')).credentialPublicKey as Uint8Array,
  ).toString('base64url')
}

const assertion = ({ registration, authentication }: Vector): Answer => ({
  id: base64url(registration.credential_id as string),
  rawId: base64url(registration.credential_id as string),
  type: 'public-key',
  response: {
    clientDataJSON: base64url(authentication.clientDataJSON as string),
    authenticatorData: base64url(authentication.authenticatorData as string),
    signature: base64url(authentication.signature as string),
  },
})

async function authenticate(vector: Vector, answer: Answer) {
  const data: Data = {
    publicKey: await publicKeyOf(vector),
    counter: 0,
    transports: [],
    aaguid: '',
    backupEligible: false,
    backedUp: false,
    userVerified: false,
  }
  const isChallenge = (challenge: string) =>
    challenge === base64url(vector.authentication.challenge as string)
  return verifyAssertion({ answer, isChallenge, relyingParty, data, userVerification: 'preferred' })
}

test('W3C vectors: every registration is accepted, or refused for a known reason', {
  skip: missing,
}, async () => {
  assert.equal(vectors.length, 15)
  for (const vector of vectors) {
    const verdict = await register(vector)
    const expected = refusedOnRegistration[short(vector)]
    if (expected) assert.match(verdict.ok ? 'taken' : verdict.reason, expected, short(vector))
    else assert.ok(verdict.ok, `${short(vector)}: ${verdict.ok || verdict.reason}`)
    if (expected) assert.equal(verdict.ok, false, short(vector))
  }
})

const isFramed = (vector: Vector): boolean => /crossOrigin|topOrigin/.test(vector.id)
const isOffered = (vector: Vector): boolean => !/^packed-(es384|es512|ed448)$/.test(short(vector))

test('W3C vectors: every assertion of a supported key verifies, and none with a changed bit', {
  skip: missing,
}, async () => {
  const own = vectors.filter((vector) => !isFramed(vector) && isOffered(vector))
  assert.equal(own.length, 10)
  for (const vector of own) {
    const answer = assertion(vector)
    const verdict = await authenticate(vector, answer)
    assert.ok(verdict.ok, `${short(vector)}: ${verdict.ok || verdict.reason}`)
    for (const part of ['clientDataJSON', 'authenticatorData', 'signature'] as const) {
      const bytes = Buffer.from(answer.response[part], 'base64url')
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1
      const changed = await authenticate(vector, {
        ...answer,
        response: { ...answer.response, [part]: bytes.toString('base64url') },
      })
      assert.equal(changed.ok, false, `${short(vector)} with another ${part}`)
    }
  }
})

test('W3C vectors: a key of an algorithm that is not offered is refused', { skip: missing }, async () => {
  const others = vectors.filter((vector) => !isOffered(vector))
  assert.equal(others.length, 3)
  for (const vector of others) {
    const verdict = await authenticate(vector, assertion(vector))
    assert.match(verdict.ok ? 'taken' : verdict.reason, /^key_/, short(vector))
  }
})

test('W3C vectors: a page framed by another site is refused', { skip: missing }, async () => {
  for (const framed of vectors.filter(isFramed)) {
    const verdict = await authenticate(framed, assertion(framed))
    assert.deepEqual(verdict, { ok: false, reason: 'framed' })
  }
})
