import { temporaryFolder } from '../support/folder.ts'
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, randomBytes, sign, webcrypto } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeCBOR, encodeCBOR } from '@levischuck/tiny-cbor'
import * as x509 from '@peculiar/x509'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import type { Reply } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'

type Cose = Map<number, number | Uint8Array>
type Statement = (
  authData: Uint8Array,
  clientDataHash: Uint8Array,
) => { fmt: string; attStmt: Map<string, unknown> }

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
const none: Statement = () => ({ fmt: 'none', attStmt: new Map() })

/** What an authenticator answers, with a key, a model and a statement of the attacker's own. */
function forge(
  app: TestServer,
  challenge: Reply['body'],
  {
    key,
    model = new Uint8Array(16),
    statement = none,
    behind = new Uint8Array(0),
  }: { key: Uint8Array; model?: Uint8Array; statement?: Statement; behind?: Uint8Array },
) {
  const answer = new SoftwareAuthenticator(app.url).register(challenge)
  const parts = decodeCBOR(bytesOf(answer.response.attestationObject)) as Map<string, Uint8Array>
  const authData = parts.get('authData') as Uint8Array
  const idLength = (authData[53] as number) * 256 + (authData[54] as number)
  const changed = new Uint8Array(
    Buffer.concat([authData.slice(0, 37), model, authData.slice(53, 55 + idLength), key, behind]),
  )
  const clientDataHash = createHash('sha256').update(bytesOf(answer.response.clientDataJSON)).digest()
  const { fmt, attStmt } = statement(changed, clientDataHash)
  const object = encodeCBOR(
    new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', changed],
    ]) as never,
  )
  return {
    ...answer,
    response: { ...answer.response, attestationObject: Buffer.from(object).toString('base64url') },
  }
}

const cose = (pairs: [number, number | Uint8Array][]): Uint8Array => encodeCBOR(new Map(pairs) as Cose)
const jwkOf = (kind: 'P-256' | 'P-384' | 'secp256k1') =>
  generateKeyPairSync('ec', { namedCurve: kind }).publicKey.export({ format: 'jwk' })
const ec = (jwk: { x?: string; y?: string }, changes: [number, number | Uint8Array][] = []): Uint8Array =>
  cose([
    ...new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytesOf(jwk.x ?? '')],
      [-3, bytesOf(jwk.y ?? '')],
      ...changes,
    ]),
  ])
const rsa = (n: Uint8Array, e: Uint8Array): Uint8Array =>
  cose([
    [1, 3],
    [3, -257],
    [-1, n],
    [-2, e],
  ])
const okp = (x: Uint8Array, curve = 6): Uint8Array =>
  cose([
    [1, 1],
    [3, -8],
    [-1, curve],
    [-2, x],
  ])

const modulus = (bits: number) =>
  bytesOf(generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }).n as string)
const exponent = new Uint8Array([1, 0, 1])
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

const bad: Record<string, () => { key: Uint8Array; behind?: Uint8Array }> = {
  'a point that is not on the curve': () => ({
    key: ec(jwkOf('P-256'), [[-3, new Uint8Array(randomBytes(32))]]),
  }),
  'the point at zero': () => ({
    key: ec(jwkOf('P-256'), [
      [-2, new Uint8Array(32)],
      [-3, new Uint8Array(32)],
    ]),
  }),
  'a curve that is not the algorithm’s': () => ({ key: ec(jwkOf('P-384'), [[-1, 2]]) }),
  'another curve under the name of the right one': () => ({ key: ec(jwkOf('secp256k1')) }),
  'a type that is not the algorithm’s': () => ({ key: ec(jwkOf('P-256'), [[1, 1]]) }),
  'a coordinate that is short': () => ({ key: ec(jwkOf('P-256'), [[-2, new Uint8Array(31)]]) }),
  'RSA with e = 1': () => ({ key: rsa(modulus(2048), new Uint8Array([1])) }),
  'RSA with e = 0': () => ({ key: rsa(modulus(2048), new Uint8Array([0])) }),
  'RSA with an even e': () => ({ key: rsa(modulus(2048), new Uint8Array([4])) }),
  'RSA with an e without end': () => ({ key: rsa(modulus(2048), new Uint8Array(200).fill(255)) }),
  'RSA of 1024 bits': () => ({ key: rsa(modulus(1024), exponent) }),
  'RSA with an even modulus': () => ({ key: rsa(modulus(2048).with(255, 4), exponent) }),
  'Ed25519: the neutral element': () => ({ key: okp(hex(`01${'00'.repeat(31)}`)) }),
  'Ed25519: a point of order eight': () => ({
    key: okp(hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
  }),
  'Ed25519: a coordinate beyond the prime': () => ({ key: okp(hex(`ee${'ff'.repeat(30)}7f`)) }),
  'Ed25519: another curve': () => ({ key: okp(new Uint8Array(randomBytes(32)), 4) }),
  'bytes behind the key': () => ({ key: ec(jwkOf('P-256')), behind: new Uint8Array([0]) }),
}

for (const [what, made] of Object.entries(bad))
  test(`a key that is none is not set up: ${what}`, async (t) => {
    const app = await server(t)
    const { accessToken: token } = await app.user()
    const { challenge } = (await app.post('/v1/me/credentials/passkey', { json: {}, token })).body
    const reply = await app.post('/v1/me/credentials/passkey/answer', {
      json: forge(app, challenge, made()),
      token,
    })
    assert.equal(reply.status, 422, JSON.stringify(reply.body))
    const { credentials } = (await app.get('/v1/me/credentials', { token })).body
    assert.equal(credentials.length, 1, 'nor counts as a way in')
  })

test('keys of all offered algorithms are enrolled', async (t) => {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const ed = bytesOf(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x as string)
  for (const key of [ec(jwkOf('P-256')), rsa(modulus(2048), exponent), okp(ed)]) {
    const { challenge } = (await app.post('/v1/me/credentials/passkey', { json: {}, token })).body
    const reply = await app.post('/v1/me/credentials/passkey/answer', {
      json: forge(app, challenge, { key }),
      token,
    })
    assert.equal(reply.status, 201, JSON.stringify(reply.body))
  }
})

x509.cryptoProvider.set(webcrypto as never)
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A maker of authenticators (WebAuthn Level 3 §8.2.1). */
async function maker(model: Uint8Array) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const day = 86_400_000
  const validity = {
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
    signingAlgorithm: algorithm,
  }
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=Maker Root',
    keys: keys as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  })
  const attestation = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const leaf = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: '02',
    subject: 'C=KR, O=Maker, OU=Authenticator Attestation, CN=Model One',
    issuer: root.subject,
    publicKey: attestation.publicKey as never,
    signingKey: keys.privateKey as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.Extension('1.3.6.1.4.1.45724.1.1.4', false, Buffer.concat([Buffer.from([4, 16]), model])),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', attestation.privateKey))
  const statement: Statement = (authData, clientDataHash) => {
    const sig = sign('sha256', Buffer.concat([authData, clientDataHash]), {
      key: pkcs8,
      format: 'der',
      type: 'pkcs8',
    })
    return {
      fmt: 'packed',
      attStmt: new Map<string, unknown>([
        ['alg', -7],
        ['sig', new Uint8Array(sig)],
        ['x5c', [new Uint8Array(leaf.rawData)]],
      ]),
    }
  }
  return { pem: root.toString('pem'), statement }
}

function fileWith(text: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'roots.pem'), text)
  return join(folder, 'roots.pem')
}

const model = hex('2fc0579f811347eab116bb5a8db9202a')
const allowed = {
  SUMUN_PASSKEY_ATTESTATION: 'direct',
  SUMUN_PASSKEY_AUTHENTICATORS: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
}

for (const engine of engines)
  test(`${engine.name}: of allowed models, only an attested one is enrolled`, {
    skip: engine.skip,
  }, async (t) => {
    const [real, forged] = [await maker(model), await maker(model)]
    const app = await server(t, {
      engine,
      settings: { ...allowed, SUMUN_PASSKEY_TRUST_ANCHORS: fileWith(real.pem) },
    })
    const { accessToken: token } = await app.user()
    const enrol = async (given: { model?: Uint8Array; statement?: Statement }) => {
      const { challenge } = (await app.post('/v1/me/credentials/passkey', { json: {}, token })).body
      assert.equal(challenge.attestation, 'direct')
      const json = forge(app, challenge, { key: ec(jwkOf('P-256')), ...given })
      return app.post('/v1/me/credentials/passkey/answer', { json, token })
    }
    assert.equal((await enrol({ model, statement: real.statement })).status, 201)
    assert.equal((await enrol({ model })).status, 422, 'who says nothing of its maker')
    assert.equal((await enrol({ model, statement: forged.statement })).status, 422, 'whose maker is another')
    assert.equal(
      (await enrol({ model: hex(`${'00'.repeat(15)}01`), statement: real.statement })).status,
      422,
      'another model',
    )
    assert.equal((await enrol({})).status, 422, 'no model')
  })

test('a list of models without trust anchors is refused at start, with the reason', async (t) => {
  const environment = { ...(await sqlite.prepare(t)), ...allowed }
  const started = await sumun(['start', '--port', '0'], { environment })
  assert.equal(started.exitCode, 3, started.stderr)
  assert.match(started.stderr, /trust anchors/)
  const empty = await sumun(['start', '--port', '0'], {
    environment: { ...environment, SUMUN_PASSKEY_TRUST_ANCHORS: fileWith('none') },
  })
  assert.equal(empty.exitCode, 3)
  assert.match(empty.stderr, /holds no certificates/)
})
