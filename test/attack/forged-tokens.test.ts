import assert from 'node:assert/strict'
import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { privateKeyBinding } from '../../src/engine/keys/key-ring.ts'
import { server, type TestServer } from '../support/fixture.ts'

// Whatever is wrong with a token, the answer is 401 `invalid_token`, and quickly.
type Json = Record<string, unknown>
const encode = (value: Json | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

function es256(key: KeyObject, header: Json | string, payload: Json | string): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function hs256(secret: string | Buffer, header: Json, payload: Json): string {
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

interface Known {
  app: TestServer
  /** The server's own key: a validly signed token must also have the right claims. */
  own: KeyObject
  header: Json
  payload: Json
  token: string
}

async function known(t: Parameters<typeof server>[0]): Promise<Known> {
  const app = await server(t)
  const { accessToken: token } = await app.user()
  const { engine } = app.running
  const current = engine.keyRing.keys().find(({ state }) => state === 'current')
  assert.ok(current)
  const own = createPrivateKey(engine.sealer.open(current.privateSealed, privateKeyBinding(current.kid)))
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  return { app, own, token, header: JSON.parse(header as string), payload: JSON.parse(payload as string) }
}

async function refuses({ app }: Known, tokens: Record<string, string>): Promise<void> {
  for (const [what, token] of Object.entries(tokens)) {
    for (const path of ['/protected', '/v1/me']) {
      const startedAt = performance.now()
      const reply = await app.get(path, { token })
      assert.equal(reply.status, 401, `${what}: ${reply.status}`)
      assert.ok(['invalid_token', 'not_authenticated'].includes(reply.body.code), what)
      assert.ok(performance.now() - startedAt < 500, `${what} took long`)
    }
  }
}

test('a token signed with the own key and the right claims is accepted (so that the refusals below mean something)', async (t) => {
  const { app, own, header, payload } = await known(t)
  assert.equal((await app.get('/protected', { token: es256(own, header, payload) })).status, 200)
  for (const typ of ['AT+JWT', 'application/at+jwt'])
    assert.equal(
      (await app.get('/protected', { token: es256(own, { ...header, typ }, payload) })).status,
      200,
      typ,
    )
  const ignored = {
    ...header,
    jku: 'https://evil.example/keys',
    x5u: 'https://evil.example/cert',
    jwk: { kty: 'oct', k: 'AAAA' },
  }
  assert.equal((await app.get('/protected', { token: es256(own, ignored, payload) })).status, 200)
})

test('no signature, in any spelling of `none`', async (t) => {
  const given = await known(t)
  const { payload, header } = given
  const spellings = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined, 0, [], {}]
  await refuses(
    given,
    Object.fromEntries(
      spellings.flatMap((alg, index) => [
        [`${index}a`, `${encode({ ...header, alg })}.${encode(payload)}.`],
        [`${index}b`, `${encode({ ...header, alg })}.${encode(payload)}.AAAA`],
      ]),
    ),
  )
})

test('the public key as an HMAC secret, in each of its encodings', async (t) => {
  const given = await known(t)
  const { app, header, payload } = given
  const { body } = await app.get('/.well-known/jwks.json')
  const [jwk] = body.keys
  const { createPublicKey } = await import('node:crypto')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const pem = key.export({ type: 'spki', format: 'pem' }) as string
  const secrets = [
    pem,
    pem.trim(),
    key.export({ type: 'spki', format: 'der' }),
    JSON.stringify(jwk),
    jwk.x,
    jwk.y,
    Buffer.from(jwk.x, 'base64url'),
    '',
  ]
  await refuses(
    given,
    Object.fromEntries(
      secrets.map((secret, index) => [String(index), hs256(secret, { ...header, alg: 'HS256' }, payload)]),
    ),
  )
})

test('a key that the token embeds, links to, or names by a trick', async (t) => {
  const given = await known(t)
  const { header, payload } = given
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' }) as Json
  const headers: Record<string, Json> = {
    'embedded jwk': { ...header, jwk },
    'embedded jwk, own kid': { ...header, jwk: { ...jwk, kid: 'mine' }, kid: 'mine' },
    jku: { ...header, jku: 'http://127.0.0.1:1/keys' },
    x5u: { ...header, x5u: 'http://127.0.0.1:1/cert' },
    x5c: { ...header, x5c: ['AAAA'] },
    'kid is a path': { ...header, kid: '../../../../dev/null' },
    'kid is SQL': { ...header, kid: "' OR 1=1 --" },
    'kid is an object': { ...header, kid: {} },
    'kid is a number': { ...header, kid: 1 },
    'kid is __proto__': { ...header, kid: '__proto__' },
    'kid is empty': { ...header, kid: '' },
    'no kid': { ...header, kid: undefined },
  }
  await refuses(
    given,
    Object.fromEntries(
      Object.entries(headers).map(([what, value]) => [what, es256(privateKey, value, payload)]),
    ),
  )
})

test('validly signed, but with a header that must be refused', async (t) => {
  const given = await known(t)
  const { own, header, payload } = given
  const headers: Record<string, Json | string> = {
    'crit unknown': { ...header, crit: ['exp'], exp: 1 },
    'crit b64': { ...header, crit: ['b64'], b64: false },
    'b64 false': { ...header, b64: false },
    'crit empty': { ...header, crit: [] },
    'typ JWT': { ...header, typ: 'JWT' },
    'typ missing': { ...header, typ: undefined },
    'typ of an id token': { ...header, typ: 'id_token+jwt' },
    'typ number': { ...header, typ: 1 },
    'alg ES384': { ...header, alg: 'ES384' },
    'alg lower case': { ...header, alg: 'es256' },
    'alg EdDSA': { ...header, alg: 'EdDSA' },
    'not an object': '[]',
    'not JSON': '{',
    null: 'null',
    'not UTF-8': Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'),
  }
  await refuses(
    given,
    Object.fromEntries(Object.entries(headers).map(([what, value]) => [what, es256(own, value, payload)])),
  )
})

test('validly signed, but for another audience, by another issuer, too old or too new', async (t) => {
  const given = await known(t)
  const { own, header, payload } = given
  const now = Math.floor(Date.now() / 1000)
  const changes: Record<string, Json> = {
    issuer: { iss: 'https://evil.example' },
    'issuer with a slash': { iss: `${payload.iss}/` },
    'no issuer': { iss: undefined },
    audience: { aud: 'https://other.example' },
    'audience list': { aud: [payload.aud, 'x'] },
    'no audience': { aud: undefined },
    expired: { exp: now - 1 },
    'expires now': { exp: now },
    'no expiry': { exp: undefined },
    'expiry as text': { exp: '9999999999' },
    'expiry huge': { exp: Number.MAX_VALUE, iat: Number.MAX_VALUE },
    'expiry null': { exp: null },
    'not yet valid': { nbf: now + 3600 },
    'nbf as text': { nbf: 'soon' },
    'issued in the future': { iat: now + 3600 },
    'session a number': { sid: 7 },
    'no subject': { sub: undefined },
    'subject an object': { sub: {} },
    'amr as text': { amr: 'pwd' },
  }
  const tokens = Object.fromEntries(
    Object.entries(changes).map(([what, change]) => [what, es256(own, header, { ...payload, ...change })]),
  )
  const bodies = { list: '[]', text: '"x"', number: '1', null: 'null', empty: '', 'cut JSON': '{"iss":' }
  await refuses(given, {
    ...tokens,
    ...Object.fromEntries(Object.entries(bodies).map(([what, body]) => [what, es256(own, header, body)])),
  })
})

test('a signature that is truncated, zero, in DER, of another token, or not canonical', async (t) => {
  const given = await known(t)
  const { own, header, payload, token, app } = given
  const other = (await app.user()).accessToken
  const [head = '', body = '', signature = ''] = token.split('.')
  const der = sign('sha256', Buffer.from(`${head}.${body}`), own).toString('base64url')
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const spare = alphabet[
    (alphabet.indexOf(signature.at(-1) as string) & ~0xf) |
      ((alphabet.indexOf(signature.at(-1) as string) + 1) & 0xf)
  ] as string
  const variants: Record<string, string> = {
    cut: signature.slice(0, -1),
    'one byte': 'AA',
    zero: Buffer.alloc(64).toString('base64url'),
    'all ones': Buffer.alloc(64, 0xff).toString('base64url'),
    der,
    'of another token': other.split('.')[2] as string,
    longer: `${signature}AAAA`,
    padded: `${signature}==`,
    'spare bits': signature.slice(0, -1) + spare,
    'with a space': `${signature} `,
    'plus and slash': `${signature.slice(0, -1)}+`,
    empty: '',
  }
  const tokens = Object.fromEntries(
    Object.entries(variants).map(([what, value]) => [what, `${head}.${body}.${value}`]),
  )
  delete tokens['with a space'] // HTTP trims it
  await refuses(given, {
    ...tokens,
    'payload swapped': `${head}.${encode({ ...payload, sub: 'acc_00000000000000000000000000' })}.${signature}`,
    'header swapped': `${encode({ ...header, x: 1 })}.${body}.${signature}`,
  })
})

test('bytes that are not a token', async (t) => {
  const given = await known(t)
  const tokens: Record<string, string> = {
    dots: '..',
    'four parts': 'a.b.c.d',
    'five parts': 'a.b.c.d.e',
    one: 'a',
    garbage: 'x'.repeat(8192),
    'long parts': `${'a'.repeat(4000)}.${'b'.repeat(4000)}.c`,
    'latin-1': 'é.ü.ÿ',
    quotes: '"a"."b"."c"',
    json: '{"a":1}',
    comma: 'a,b',
  }
  await refuses(given, tokens)
  assert.equal((await given.app.get('/protected', { headers: { authorization: 'Bearer' } })).status, 401)
  assert.equal((await given.app.get('/protected', { headers: { authorization: 'Bearer ' } })).status, 401)
  assert.equal(
    (await given.app.get('/protected', { headers: { authorization: `Bearer ${'x'.repeat(17_000)}` } }))
      .status,
    431,
  )
})

test('a refresh token is no access token, and an access token is no refresh token', async (t) => {
  const app = await server(t)
  const { accessToken, refreshToken } = await app.user()
  assert.equal((await app.get('/protected', { token: refreshToken })).status, 401)
  assert.notEqual((await app.post('/refresh', { json: { refresh_token: accessToken } })).status, 200)
})
