import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Secret } from 'otpauth'
import { matchingStep, otpauthUri } from '../../src/methods/totp/verify.ts'

// RFC 6238 Appendix B: the secret is the digits 1 to 0, as long as the hash is.
const secretOf = (length: number): string => Secret.fromLatin1('1234567890'.repeat(7).slice(0, length)).base32
const secrets = { SHA1: secretOf(20), SHA256: secretOf(32), SHA512: secretOf(64) }
const table: [seconds: number, SHA1: string, SHA256: string, SHA512: string][] = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
]

test('TOTP: the table of RFC 6238, in each algorithm', async () => {
  for (const [seconds, ...codes] of table) {
    for (const [index, algorithm] of (['SHA1', 'SHA256', 'SHA512'] as const).entries()) {
      const authenticator = { secret: secrets[algorithm], algorithm, digits: 8 }
      const given = { code: codes[index] as string, now: seconds * 1000, clockSteps: 0 }
      assert.equal(
        await matchingStep(authenticator, given),
        Math.floor(seconds / 30),
        `${algorithm} at ${seconds}`,
      )
      assert.equal(
        await matchingStep({ ...authenticator, digits: 6 }, { ...given, code: given.code.slice(2) }),
        Math.floor(seconds / 30),
      )
    }
  }
})

test('TOTP: a code of the adjacent steps is accepted within the allowed drift only', async () => {
  const authenticator = { secret: secrets.SHA1, algorithm: 'SHA1', digits: 8 }
  const at = (seconds: number, clockSteps: number) =>
    matchingStep(authenticator, { code: '94287082', now: seconds * 1000, clockSteps })
  const seconds = [0, 29, 30, 59, 60, 89, 90, 119]
  assert.deepEqual(await Promise.all(seconds.map((second) => at(second, 1))), [1, 1, 1, 1, 1, 1, null, null])
  assert.deepEqual(await Promise.all(seconds.map((second) => at(second, 0))), [
    null,
    null,
    1,
    1,
    null,
    null,
    null,
    null,
  ])
})

test('TOTP: anything that is not a code is refused without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.nat(2 ** 31), async (code, seconds) => {
      const step = await matchingStep(
        { secret: secrets.SHA1, algorithm: 'SHA1', digits: 6 },
        { code, now: seconds * 1000, clockSteps: 1 },
      )
      assert.ok(step === null || /^[\d ]+$/.test(code))
    }),
  )
})

test('TOTP: the otpauth URI has issuer, account and parameters', async () => {
  const uri = new URL(
    await otpauthUri(
      { secret: secrets.SHA1, algorithm: 'SHA256', digits: 8 },
      { issuer: '수문 & Co', label: 'kim@example.com' },
    ),
  )
  assert.equal(uri.protocol, 'otpauth:')
  assert.deepEqual(Object.fromEntries(uri.searchParams), {
    issuer: '수문 & Co',
    secret: secrets.SHA1,
    algorithm: 'SHA256',
    digits: '8',
    period: '30',
  })
})
