import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Connection, type OpenUpstream, UpstreamFault } from '../../src/domain/connection.ts'
import { staysUnder } from '../../src/domain/evidence.ts'
import { locales } from '../../src/domain/locale.ts'
import type { MethodAccount, MethodContext, MethodDefinition } from '../../src/domain/method.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { methods } from '../../src/methods/index.ts'

// The contract of every method. A new one is tested by being in the list.
const hashing: MethodContext<unknown, unknown>['hashing'] = {
  hash: async (password) => `hash of ${password}`,
  verify: async (password, hash) => (hash === `hash of ${password}` ? 'matches' : 'wrong'),
  verifyDecoy: async () => undefined,
}

const secrets = {
  hash: (secret: string) => createHash('sha256').update(secret).digest('hex'),
  matches: (secret: string, hash: string) => createHash('sha256').update(secret).digest('hex') === hash,
}

/** A provider that knows no code. */
const openUpstream: OpenUpstream = async () => ({
  connection: { id: 'con_00000000000000000000000000', slug: 'up' } as unknown as Connection,
  authorize: async ({ state }) => ({
    url: `https://up.example.com/authorize?state=${state}`,
    memory: { verifier: 'v'.repeat(43) },
  }),
  identify: () => Promise.reject(new UpstreamFault('invalid', 'a made-up code')),
  check: async () => ({ refused: 'wrong', detail: 'a made-up password' }),
})
const asked = { connection: 'up' }

function context(
  method: MethodDefinition,
  overrides: Partial<MethodContext<unknown, unknown>> = {},
): MethodContext<unknown, unknown> {
  const properties =
    (method.settings as { properties?: Record<string, { default?: unknown }> }).properties ?? {}
  const settings = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, schema.default]),
  )
  return {
    now: 1_800_000_000_000,
    random: systemRandom,
    settings,
    locale: 'en',
    ownerLocale: 'en',
    issuer: 'https://id.example.com',
    siteName: 'Sumun',
    limits: { codeSecondsMax: 600, clockStepsMax: 1 },
    account: undefined,
    fresh: false,
    isRecovery: false,
    knowsAccount: false,
    hint: { kind: 'email', value: 'kim@example.com' },
    challengeId: 'tkt_00000000000000000000000000',
    credentials: [],
    findByLookup: async () => undefined,
    openUpstream,
    newCredentialId: () => 'crd_00000000000000000000000000',
    userInputs: [],
    hashing,
    sealing: { seal: (plain) => plain, open: (sealed) => sealed },
    secrets,
    ...overrides,
  }
}

const own = { verifiedAt: 1, suspendedAt: null, createdAt: 1 }
const owner: MethodAccount = {
  id: 'acc_00000000000000000000000001',
  name: 'Kim',
  identifiers: [
    {
      accountId: 'acc_00000000000000000000000001',
      kind: 'email',
      value: 'kim@example.com',
      display: 'kim@example.com',
      ...own,
    },
    {
      accountId: 'acc_00000000000000000000000001',
      kind: 'phone',
      value: '+821012345678',
      display: '+821012345678',
      ...own,
    },
  ],
}

test('ids are unique, and valid in folders and URLs', () => {
  const ids = methods.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
})

for (const method of methods) {
  test(`${method.id}: has the same words in every language`, () => {
    const keys = Object.keys(method.words.en).sort()
    for (const locale of locales) {
      assert.deepEqual(Object.keys(method.words[locale]).sort(), keys, locale)
      for (const [key, text] of Object.entries(method.words[locale]))
        assert.ok(text.trim().length > 0, `${locale} ${key}`)
    }
    for (const { label } of method.form) assert.ok(keys.includes(label), label)
  })

  test(`${method.id}: declares claims unless it is for programs, and its maximum is a valid claim`, () => {
    assert.equal(
      method.canClaim.amr.length > 0 && method.canClaim.factors.length > 0,
      method.bearer === undefined,
    )
    assert.ok(staysUnder(method.canClaim, method.canClaim))
    assert.ok(!staysUnder(method.canClaim, { ...method.canClaim, amr: [...method.canClaim.amr, 'made up'] }))
  })

  test(`${method.id}: its schema refuses malformed answers`, () => {
    const schemas = [method.answer, ...(method.enrol ? [method.enrol.answer] : [])]
    const answers = schemas.map((schema) => Compile(schema as TSchema))
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())), (value) => {
        for (const [index, answer] of answers.entries()) {
          if (!answer.Check(value)) continue
          assert.ok(
            typeof value === 'object' && value !== null && !Array.isArray(value),
            'an answer is an object',
          )
          const known = Object.keys((schemas[index] as TObject).properties)
          for (const key of Object.keys(value))
            assert.ok(known.includes(key), `${key} is no part of the answer`)
        }
      }),
      { numRuns: 300 },
    )
    for (const value of [null, [], 'text', 1, { unknown: 'x' }])
      for (const answer of answers) assert.equal(answer.Check(value), false, JSON.stringify(value))
  })

  test(`${method.id}: a challenge reveals nothing of its state, and expires`, async () => {
    if (!method.begin) return
    const begun = await method.begin(context(method), asked)
    assert.ok(Compile(method.state as TSchema).Check(begun.state))
    assert.ok(begun.expiresInSeconds > 0 && begun.expiresInSeconds <= 3600)
    const shown = JSON.stringify(begun.challenge)
    for (const value of Object.values(begun.state as Record<string, unknown>)) {
      if (typeof value === 'string' && value.length >= 8) assert.ok(!shown.includes(value))
    }
  })

  test(`${method.id}: a missing account is refused like a wrong answer, without throwing`, async () => {
    const properties = Object.keys((method.answer as { properties?: object }).properties ?? {})
    const answer = Object.fromEntries(properties.map((name) => [name, 'some wrong answer']))
    const ctx = context(method)
    const state = (await method.begin?.(ctx, asked))?.state ?? {}
    const answers = [answer, { ...answer, response: {} }].filter(
      (given) => 'response' in given === 'response' in answer,
    )
    for (const given of answers) assert.equal((await method.prove(ctx, state, given)).outcome, 'refused')
  })
}

for (const method of methods.filter(({ sends }) => sends)) {
  test(`${method.id}: an anonymous user gets the same challenge for known and unknown accounts`, async () => {
    const shapes = await Promise.all(
      [undefined, owner].map(async (account) => {
        const begun = await method.begin?.(context(method, { account }), asked)
        assert.equal(begun?.send !== undefined, account !== undefined)
        return JSON.stringify(begun?.challenge).replace(/"number":"\d+"/, '')
      }),
    )
    assert.equal(shapes[0], shapes[1])
  })

  test(`${method.id}: its messages link to the issuer only, in the owner's language, and the code is not in the challenge`, async () => {
    for (const ownerLocale of locales) {
      const begun = await method.begin?.(context(method, { account: owner, ownerLocale }), asked)
      assert.equal(begun?.send?.locale, ownerLocale)
      if (begun?.send?.link) assert.ok(begun.send.link.url.startsWith('https://id.example.com/'))
      assert.ok(begun?.send?.code && !JSON.stringify(begun.challenge).includes(begun.send.code))
      assert.doesNotMatch(JSON.stringify(begun.send), /\{[a-z]+\}|undefined/)
    }
  })
}
