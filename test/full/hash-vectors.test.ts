import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createPasswordHash, isKnownHash } from '../../src/crypto/password-hash/password-hash.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { sample, samplesMissing } from '../support/samples.ts'

// Hashes of Kratos, Supabase and others: right, wrong, and malformed ones, which must cost nothing.
interface Vector {
  password: string
  encoded: string
  verifies: boolean
}
const vectors = samplesMissing
  ? []
  : readFileSync(sample('hashes/vectors.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Vector)

test('hashes of other systems verify, and malformed or costly ones are refused', {
  skip: samplesMissing,
}, async (t) => {
  const passwords = createPasswordHash(systemRandom)
  for (const { password, encoded, verifies } of vectors)
    await t.test(`${encoded.slice(0, 60)} ${password}`, async () => {
      const isKnown = isKnownHash(encoded)
      const verdict = isKnown ? await passwords.verify(password, encoded) : 'wrong'
      assert.equal(verdict !== 'wrong', verifies)
    })
  assert.equal(vectors.length, 131)
})
