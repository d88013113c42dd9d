import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Evidence, type Factor, factors } from '../../src/domain/evidence.ts'
import {
  assuranceOf,
  assurances,
  type Decision,
  decide,
  defaultPolicy,
  isAtLeast,
  type PolicyDocument,
  type PolicyInput,
} from '../../src/domain/policy.ts'

// The policy is pure; more evidence never lowers what is granted, and a decision always says what was missing.
const evidence = fc.record({
  method: fc.constantFrom('a', 'b', 'c', 'd'),
  amr: fc.uniqueArray(fc.constantFrom('pwd', 'otp', 'hwk', 'swk', 'sms', 'user'), { minLength: 1 }),
  factors: fc.uniqueArray(fc.constantFrom<Factor>(...factors), { minLength: 1 }),
  phishingResistant: fc.boolean(),
  userVerified: fc.boolean(),
  accountId: fc.constant('acc_1' as const),
  credentialId: fc.constant(null),
  at: fc.integer({ min: 0, max: 2 ** 40 }),
}) as fc.Arbitrary<Evidence>

const document = fc.record({
  signIn: fc.record({
    required: fc.constantFrom(...assurances),
    roles: fc.record({ operator: fc.constantFrom(...assurances) }, { requiredKeys: [] }),
    secondFactor: fc.constantFrom('when-enrolled', 'never'),
  }),
  sensitive: fc.record({ evidenceAgeSecondsMax: fc.integer({ min: 0, max: 3600 }) }),
}) as fc.Arbitrary<PolicyDocument>

const subject = fc.record({
  role: fc.constantFrom('member', 'operator'),
  active: fc.boolean(),
  methods: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      factors: fc.uniqueArray(fc.constantFrom<Factor>(...factors), { minLength: 1 }),
      userVerified: fc.boolean(),
      phishingResistant: fc.boolean(),
    }),
    { selector: ({ id }) => id },
  ),
}) as fc.Arbitrary<PolicyInput['subject']>

const input = fc.record({
  evidence: fc.array(evidence, { maxLength: 4 }),
  subject,
  requestedAcr: fc.option(fc.constantFrom(...assurances)),
}) as fc.Arbitrary<PolicyInput>
const granted = (decision: Decision): number => (decision.outcome === 'satisfied' ? assurances.indexOf(decision.acr) + 1 : 0)

test('more evidence never lowers what is granted', () => {
  fc.assert(
    fc.property(document, input, evidence, (rule, given, more) => {
      const before = decide(rule, given)
      const after = decide(rule, { ...given, evidence: [...given.evidence, more] })
      assert.ok(granted(after) >= granted(before))
    }),
    { numRuns: 2000 },
  )
})

test('the same input gives the same decision and the same reasons, and changes nothing it is given', () => {
  fc.assert(
    fc.property(document, input, (rule, given) => {
      const before = JSON.stringify([rule, given])
      assert.deepEqual(decide(rule, given), decide(structuredClone(rule), structuredClone(given)))
      assert.equal(JSON.stringify([rule, given]), before)
    }),
  )
})

test('whoever is let in has what every rule asked for, and a refusal names what was missing', () => {
  fc.assert(
    fc.property(document, input, (rule, given) => {
      const decision = decide(rule, given)
      const asked = decision.reasons.flatMap(({ says, acr }) => (says === 'requires' && acr ? [acr] : []))
      if (decision.outcome === 'satisfied') {
        assert.equal(decision.acr, assuranceOf(given.evidence))
        for (const acr of asked) assert.ok(isAtLeast(decision.acr, acr))
      } else if (decision.outcome === 'more' || decision.reason === 'unreachable_assurance') {
        assert.ok(decision.reasons.some(({ says, because }) => says === 'lacks' && because.length > 0))
      } else assert.ok(!given.subject.active)
    }),
    { numRuns: 2000 },
  )
})

test('a disabled account is refused whatever it proves', () => {
  fc.assert(
    fc.property(document, input, (rule, given) =>
      assert.equal(decide(rule, { ...given, subject: { ...given.subject, active: false } }).outcome, 'refused'),
    ),
  )
})

const piece = (method: string, kinds: Factor[], more: Partial<Evidence> = {}): Evidence => ({
  method,
  amr: ['x'],
  factors: kinds,
  phishingResistant: false,
  userVerified: false,
  accountId: 'acc_1',
  credentialId: null,
  at: 0,
  ...more,
})

test('assurance follows NIST SP 800-63B-4', () => {
  const cases: [Evidence[], string | null][] = [
    [[], null],
    [[piece('password', ['knowledge'])], 'aal1'],
    [[piece('password', ['knowledge']), piece('pin', ['knowledge'])], 'aal1'], // two of one kind are one factor
    [[piece('password', ['knowledge']), piece('code', ['possession'])], 'aal2'],
    [[piece('key', ['possession'], { userVerified: true, phishingResistant: true })], 'aal2'],
    [[piece('key', ['possession'], { userVerified: true, phishingResistant: true, amr: ['hwk', 'user'] })], 'aal3'],
    [
      [
        piece('key', ['possession'], { phishingResistant: true, amr: ['hwk'] }),
        piece('other', ['possession'], { userVerified: true, phishingResistant: true }),
      ],
      'aal2',
    ],
  ]
  for (const [given, expected] of cases) assert.equal(assuranceOf(given), expected)
})

test('whoever has set up a second factor is asked for it, and is offered just that', () => {
  const methods = [
    { id: 'one', factors: ['knowledge'] as Factor[], userVerified: false, phishingResistant: false },
    { id: 'two', factors: ['possession'] as Factor[], userVerified: false, phishingResistant: false },
  ]
  const decision = decide(defaultPolicy, {
    evidence: [piece('one', ['knowledge'])],
    subject: { role: 'member', active: true, methods },
    requestedAcr: null,
  })
  assert.equal(decision.outcome, 'more')
  assert.deepEqual(decision.outcome === 'more' && decision.offers, [{ method: 'two' }])
})
