import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assuranceOf, assurances, isAtLeast } from '../../src/domain/assurance.ts'
import { type Evidence, type Factor, factors } from '../../src/domain/evidence.ts'
import { type Decision, decide } from '../../src/domain/policy.ts'
import { operations, type PolicyDocument, presets } from '../../src/domain/policy-document.ts'
import type { PolicyContext, PolicyInput, PolicyMethod } from '../../src/domain/policy-input.ts'

// The policy is pure; more evidence never lowers what is granted, and a decision always says what was
// missing.
const claims = {
  amr: fc.uniqueArray(fc.constantFrom('pwd', 'otp', 'hwk', 'swk', 'sms', 'user'), { minLength: 1 }),
  factors: fc.uniqueArray(fc.constantFrom<Factor>(...factors), { minLength: 1 }),
  phishingResistant: fc.boolean(),
  userVerified: fc.boolean(),
  standsAlone: fc.boolean(),
  standsIn: fc.boolean(),
}
const methodId = fc.constantFrom('a', 'b', 'c', 'd')
const now = 2 ** 40
const evidence = fc.record({
  ...claims,
  method: methodId,
  accountId: fc.constant('acc_1' as const),
  credentialId: fc.option(fc.constantFrom('crd_1', 'crd_2', 'crd_3')),
  identifier: fc.option(
    fc.record({ kind: fc.constantFrom('email', 'phone'), value: fc.constantFrom('x', 'y') }),
  ),
  at: fc.integer({ min: now - 1_000_000, max: now }),
}) as fc.Arbitrary<Evidence>

const requirement = fc.record({ acr: fc.constantFrom(...assurances), phishingResistant: fc.boolean() })
const operation = fc.record({
  acr: fc.constantFrom('best', ...assurances),
  ageSecondsMax: fc.integer({ min: 30, max: 3600 }),
})
const document = fc.record({
  signIn: fc.record({
    required: fc.constantFrom(...assurances),
    roles: fc.record({ operator: requirement, member: requirement }, { requiredKeys: [] }),
    clients: fc.dictionary(fc.constantFrom('one', 'two'), requirement),
    newDevice: fc.option(requirement),
    secondFactor: fc.constantFrom('when-enrolled', 'never'),
  }),
  operations: fc.record({ credentials: operation, identifiers: operation, account: operation }),
  counts: fc.record({
    identifiers: fc.subarray(['email', 'phone']),
    notMethods: fc.uniqueArray(methodId, { maxLength: 2 }),
  }),
  limits: fc.constant(presets.default.limits),
}) as fc.Arbitrary<PolicyDocument>

const subject = fc.record({
  role: fc.constantFrom('member', 'operator'),
  active: fc.boolean(),
  methods: fc.uniqueArray(
    fc.record({
      id: methodId,
      claims: fc.record(claims),
      enrolled: fc.boolean(),
      usable: fc.boolean(),
      identifier: fc.option(fc.constantFrom('email', 'phone')),
    }),
    { selector: ({ id }) => id },
  ),
}) as fc.Arbitrary<PolicyInput['subject']>

const context = fc.record({
  purpose: fc.constantFrom('sign-in', 'step-up', 'recover'),
  operation: fc.option(fc.constantFrom(...operations)),
  clientId: fc.constantFrom('sumun', 'one', 'two'),
  newDevice: fc.boolean(),
  requestedAcr: fc.option(fc.constantFrom(...assurances)),
  recovered: fc.boolean(),
  now: fc.constant(now),
}) as fc.Arbitrary<PolicyContext>
const input = fc.record({
  evidence: fc.array(evidence, { maxLength: 4 }),
  subject,
  context,
}) as fc.Arbitrary<PolicyInput>
const granted = (decision: Decision): number =>
  decision.outcome === 'satisfied' ? assurances.indexOf(decision.acr) + 1 : 0

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

test('a satisfied decision meets every rule, and a refusal names what is missing', () => {
  fc.assert(
    fc.property(document, input, (rule, given) => {
      const decision = decide(rule, given)
      const asked = decision.reasons.flatMap(({ says, acr }) => (says === 'requires' && acr ? [acr] : []))
      if (decision.outcome === 'satisfied') {
        const most = assuranceOf(given.evidence)
        assert.ok(most !== null && isAtLeast(most, decision.acr))
        // Two independent proofs recover an account, whatever they amount to.
        if (given.context.purpose !== 'recover')
          for (const acr of asked) assert.ok(isAtLeast(decision.acr, acr))
      } else if (decision.outcome === 'more' || decision.reason === 'unreachable_assurance') {
        assert.ok(decision.reasons.some(({ says, because }) => says === 'lacks' && because.length > 0))
      } else assert.ok(!given.subject.active)
    }),
    { numRuns: 2000 },
  )
})

test('a disabled account is refused with any evidence', () => {
  fc.assert(
    fc.property(document, input, (rule, given) =>
      assert.equal(
        decide(rule, { ...given, subject: { ...given.subject, active: false } }).outcome,
        'refused',
      ),
    ),
  )
})

const piece = (method: string, kinds: Factor[], more: Partial<Evidence> = {}): Evidence => ({
  method,
  amr: ['x'],
  factors: kinds,
  phishingResistant: false,
  userVerified: false,
  standsAlone: true,
  standsIn: false,
  accountId: 'acc_1',
  credentialId: `crd_${method}`,
  identifier: null,
  at: 0,
  ...more,
})
const signingIn: PolicyContext = {
  purpose: 'sign-in',
  operation: null,
  clientId: 'sumun',
  newDevice: false,
  requestedAcr: null,
  recovered: false,
  now: 1_000_000,
}
const method = (id: string, kinds: Factor[], more: Partial<PolicyMethod> = {}): PolicyMethod => {
  const { amr, factors, phishingResistant, userVerified, standsAlone, standsIn } = piece(id, kinds)
  return {
    id,
    claims: { amr, factors, phishingResistant, userVerified, standsAlone, standsIn },
    enrolled: true,
    usable: true,
    identifier: null,
    ...more,
  }
}

test('assurance follows NIST SP 800-63B-4', () => {
  const cases: [Evidence[], string | null][] = [
    [[], null],
    [[piece('password', ['knowledge'])], 'aal1'],
    // two of one kind are one factor
    [[piece('password', ['knowledge']), piece('pin', ['knowledge'])], 'aal1'],
    [[piece('password', ['knowledge']), piece('code', ['possession'])], 'aal2'],
    [[piece('key', ['possession'], { userVerified: true, phishingResistant: true })], 'aal2'],
    [
      [piece('key', ['possession'], { userVerified: true, phishingResistant: true, amr: ['hwk', 'user'] })],
      'aal3',
    ],
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

const savedCode = piece('saved', ['knowledge'], { standsAlone: false, standsIn: true })

test('a recovery code substitutes the lost factor, once, and is not enough alone', () => {
  const mail = piece('mail', ['possession'], {
    credentialId: null,
    identifier: { kind: 'email', value: 'kim' },
  })
  const cases: [Evidence[], string | null][] = [
    [[savedCode], null],
    [[savedCode, savedCode], null],
    [[piece('password', ['knowledge']), savedCode], 'aal2'],
    [[mail, savedCode], 'aal2'],
  ]
  for (const [given, expected] of cases) assert.equal(assuranceOf(given), expected)
})

const withTwo = [method('one', ['knowledge']), method('two', ['possession'])]
const decided = (
  evidence: Evidence[],
  methods: PolicyMethod[],
  more: Partial<PolicyContext> = {},
  role: 'member' | 'operator' = 'member',
) =>
  decide(presets.default, {
    evidence,
    subject: { role, active: true, methods },
    context: { ...signingIn, ...more },
  })

test('an enrolled second factor is required, and only it is offered', () => {
  const decision = decided([piece('one', ['knowledge'])], withTwo)
  assert.equal(decision.outcome, 'more')
  assert.deepEqual(decision.outcome === 'more' && decision.offers, [{ method: 'two' }])
})

test('a code by mail does not bypass an enrolled second factor', () => {
  const mail = piece('mail', ['possession'], {
    credentialId: null,
    identifier: { kind: 'email', value: 'kim' },
  })
  const methods = [...withTwo, method('mail', ['possession'], { enrolled: false, identifier: 'email' })]
  const decision = decided([piece('one', ['knowledge']), mail], methods)
  assert.deepEqual(decision.outcome === 'more' && decision.offers, [{ method: 'two' }])
  assert.equal(
    decided([piece('one', ['knowledge']), piece('two', ['possession'])], methods).outcome,
    'satisfied',
  )
  assert.equal(decided([piece('one', ['knowledge']), savedCode], methods).outcome, 'satisfied')
})

test('an operator without a second factor signs in with what there is; one with it must use it', () => {
  assert.equal(
    decided([piece('one', ['knowledge'])], [method('one', ['knowledge'])], {}, 'operator').outcome,
    'satisfied',
  )
  assert.equal(decided([piece('one', ['knowledge'])], withTwo, {}, 'operator').outcome, 'more')
})

test('old evidence does not count for operations, and lost factors are not required after a recovery', () => {
  const old = piece('one', ['knowledge'], { at: signingIn.now - 600_001 })
  const fresh = piece('one', ['knowledge'], { at: signingIn.now - 599_000 })
  const one = [method('one', ['knowledge'])]
  const changing = { purpose: 'step-up', operation: 'credentials' } as const
  assert.equal(decided([old], one, changing).outcome, 'more')
  assert.equal(decided([fresh], one, changing).outcome, 'satisfied')
  assert.equal(decided([fresh], withTwo, changing).outcome, 'more')
  assert.equal(decided([fresh], withTwo, { ...changing, recovered: true }).outcome, 'satisfied')
})

test('two independent proofs recover an account, also of one kind, but not the same one twice', () => {
  const mail = piece('mail', ['possession'], {
    credentialId: null,
    identifier: { kind: 'email', value: 'kim' },
  })
  const methods = [...withTwo, method('mail', ['possession'], { enrolled: false, identifier: 'email' })]
  const recovering = { purpose: 'recover' } as const
  assert.equal(decided([mail, piece('two', ['possession'])], methods, recovering).outcome, 'satisfied')
  assert.equal(decided([mail, savedCode], methods, recovering).outcome, 'satisfied')
  assert.equal(decided([mail, mail], methods, recovering).outcome, 'more')
  assert.equal(decided([mail], methods, recovering).outcome, 'more')
})

test('the strict document accepts neither mail nor phone, and needs a phishing-resistant proof of operators', () => {
  const mail = piece('mail', ['possession'], {
    credentialId: null,
    identifier: { kind: 'email', value: 'kim' },
  })
  const methods = [...withTwo, method('mail', ['possession'], { enrolled: false, identifier: 'email' })]
  const subject = { role: 'member', active: true, methods } as const
  const decision = decide(presets['asvs-l3'], {
    evidence: [piece('one', ['knowledge']), mail],
    subject,
    context: signingIn,
  })
  assert.equal(decision.outcome, 'more')
  assert.ok(decision.reasons.some(({ says, because }) => says === 'ignores' && because.includes('mail')))
})

test('a disabled method is still required, and cannot be used', () => {
  const methods = [method('one', ['knowledge']), method('two', ['possession'], { usable: false })]
  const decision = decided([piece('one', ['knowledge'])], methods)
  assert.deepEqual(
    [decision.outcome, decision.outcome === 'refused' && decision.reason],
    ['refused', 'unreachable_assurance'],
  )
})
