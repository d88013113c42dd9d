import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { equalSecrets } from '../../src/crypto/equal.ts'
import { MasterKey } from '../../src/crypto/master-key.ts'
import { createRefreshTokens } from '../../src/crypto/refresh-token.ts'
import { createSealer } from '../../src/crypto/seal.ts'
import { isSafeRedirect } from '../../src/domain/client.ts'
import { escapeHtml, unescapeHtml } from '../../src/domain/html-escape.ts'
import { idPattern, newSessionId, sessionIdBytes, sessionIdFromBytes } from '../../src/domain/id.ts'
import { identifierKindOf, normaliseIdentifier } from '../../src/domain/identifier.ts'
import { isLoopback } from '../../src/domain/loopback.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { Secret } from '../../src/domain/secret.ts'
import { networkOf } from '../../src/http/caller/requester.ts'
import { parseStrictJson } from '../../src/http/server/strict-json.ts'
import { localeOf } from '../../src/words/locale.ts'

const masterKey = new MasterKey(randomBytes(32).toString('base64url'))

test('ids sort by time, have a prefix, and round-trip through bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 47 }), fc.integer({ min: 1, max: 2 ** 40 }), (at, later) => {
      const [first, second] = [at, at + later].map((now) =>
        newSessionId({ clock: { now: () => now }, random: systemRandom }),
      ) as [`ses_${string}`, `ses_${string}`]
      assert.ok(first < second)
      assert.match(first, new RegExp(idPattern('ses')))
      assert.equal(sessionIdFromBytes(sessionIdBytes(first)), first)
    }),
  )
})

test('normalising an identifier is idempotent', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(fc.constantFrom('email', 'username', 'phone'), text, (kind, given) => {
      const once = normaliseIdentifier(kind, given, { phoneCountry: 'KR' })
      if (!once.ok) return
      const twice = normaliseIdentifier(kind, once.identifier.value, { phoneCountry: 'KR' })
      assert.ok(twice.ok && twice.identifier.value === once.identifier.value, given)
      assert.equal(identifierKindOf(once.identifier.value), kind)
    }),
    { numRuns: 3000 },
  )
})

test('a refresh token round-trips, and any other text is refused', () => {
  const tokens = createRefreshTokens(masterKey)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.nat(), fc.string(), (counter, at, noise) => {
      const sessionId = newSessionId({ clock: { now: () => at }, random: systemRandom })
      const token = tokens.issue({ sessionId, counter })
      assert.deepEqual(tokens.read(token), { sessionId, counter })
      assert.equal(tokens.issue({ sessionId, counter }), token)
      assert.equal(tokens.read(noise), undefined)
      if (noise !== '') assert.equal(tokens.read(token + noise), undefined)
    }),
  )
})

test('a sealed value opens only with its binding, unchanged', () => {
  const sealer = createSealer(masterKey, systemRandom)
  const other = createSealer(new MasterKey(randomBytes(32).toString('base64url')), systemRandom)
  const sealed = sealer.seal('비밀', 'row/1')
  assert.equal(sealer.open(sealed, 'row/1'), '비밀')
  assert.notEqual(sealer.seal('비밀', 'row/1'), sealed)
  assert.throws(() => sealer.open(sealed, 'row/2'))
  assert.throws(() => other.open(sealed, 'row/1'))
  for (const broken of [
    '',
    'v1.',
    sealed.slice(0, -2),
    `v2${sealed.slice(2)}`,
    sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
  ])
    assert.throws(() => sealer.open(broken, 'row/1'))
})

test('secrets are equal only if every byte is', () => {
  for (const [a, b, equal] of [
    ['a', 'a', true],
    ['a', 'a\0', false],
    ['é1', 'é2', false],
    ['', '', true],
    ['', 'a', false],
    ['é', 'e\u0301', false],
  ] as const)
    assert.equal(equalSecrets(a, b), equal)
})

test('a secret cannot be printed by accident', () => {
  const secret = new Secret('hunter2')
  for (const text of [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { depth: 5 }),
    String(secret),
  ])
    assert.doesNotMatch(text, /hunter2/)
  assert.equal(secret.reveal(), 'hunter2')
})

test('strict JSON accepts what JSON.parse accepts, except ambiguous input', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      let expected: unknown
      try {
        expected = parseStrictJson(Buffer.from(text))
      } catch {
        return // a forbidden name or character; the table of hostile input has those
      }
      assert.deepEqual(expected, JSON.parse(text))
    }),
  )
})

test('an IPv6 source is its /64, in every spelling', () => {
  const cases: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '::1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ]
  for (const [address, source] of cases) assert.equal(networkOf(address), source)
})

test('the best supported language is chosen', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['ko', 'ko'],
    ['ko-KR', 'ko'],
    ['it, ja;q=0.8, ko;q=0.9', 'ko'],
    ['fr-CH, en;q=0.8', 'fr'],
    ['zh-CN,zh;q=0.9', 'zh'],
    ['es-419', 'es'],
    ['de-AT', 'de'],
    ['ja;q=0, ko;q=0.1', 'ko'],
    ['*', 'en'],
    [',;q=;;', 'en'],
    ['KO', 'ko'],
  ]
  for (const [header, locale] of cases) assert.equal(localeOf({ accepted: header }), locale, header)
})

test('loopback is recognised in every spelling', () => {
  for (const host of [
    'localhost',
    'LOCALHOST',
    '127.0.0.1',
    '127.255.0.3',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])
    assert.ok(isLoopback(host), host)
  for (const host of [
    '127.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '1.127.0.0',
    '::2',
    '0.0.0.0',
    '',
    '[::1',
    'x::1',
  ])
    assert.ok(!isLoopback(host), host)
})

test('HTML escaping round-trips', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(unescapeHtml(escapeHtml(text)), text)
      assert.doesNotMatch(escapeHtml(text), /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
    }),
  )
})

test('a loopback redirect uses one of three host names', () => {
  for (const url of ['http://localhost:1/cb', 'http://127.0.0.1/cb', 'http://[::1]:3/cb'])
    assert.ok(isSafeRedirect(url), url)
  for (const url of [
    'http://127.0.0.2/cb',
    'http://127.evil.example/cb',
    'http://[::ffff:127.0.0.1]/cb',
    'http://localhost.example/cb',
  ])
    assert.ok(!isSafeRedirect(url), url)
})
