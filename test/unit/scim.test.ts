import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { scimPatch } from 'scim-patch'
import SCIMMY from 'scimmy'
import { fits, parseFilter } from '../../src/domain/scim/filter.ts'
import { applyOperations, readOperations } from '../../src/domain/scim/patch.ts'
import { normaliseResource, type Resource } from '../../src/domain/scim/resource.ts'
import { userKind } from '../../src/domain/scim/schemas.ts'

// Our reading of PATCH and of filters beside that of two libraries, where those are right.
const text = fc
  .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 })
  .filter((one) => !/["\\]/.test(one) && one.trim() === one)
const type = fc.constantFrom('work', 'home', 'other')
const emails = fc.uniqueArray(fc.record({ value: text, type }), {
  maxLength: 3,
  selector: ({ type }) => type,
})
const resource = fc.record({
  ...{ userName: text, displayName: text, active: fc.boolean(), emails },
  name: fc.record({ givenName: text, familyName: text }),
})
const operation = fc.oneof(
  fc.record({
    op: fc.constantFrom('add', 'replace'),
    path: fc.constantFrom('displayName', 'nickName', 'name.givenName'),
    value: text,
  }),
  fc.record({ op: fc.constant('replace'), path: fc.constant('active'), value: fc.boolean() }),
  fc.record({ op: fc.constant('remove'), path: fc.constantFrom('displayName', 'name.familyName') }),
  fc.record({ op: fc.constant('replace'), value: fc.record({ displayName: text, active: fc.boolean() }) }),
  type.map((one) => ({ op: 'remove', path: `emails[type eq "${one}"]` })),
  fc.record({
    op: fc.constant('replace'),
    path: type.map((one) => `emails[type eq "${one}"].value`),
    value: text,
  }),
)
const sorted = (given: Resource): unknown => {
  const { emails = [], name = {}, ...rest } = normaliseResource(userKind, given) as Record<string, never[]>
  const byType = [...emails].sort((a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type))
  return { ...rest, name, emails: byType }
}

test('operations leave what scim-patch leaves', () => {
  fc.assert(
    fc.property(resource, fc.array(operation, { minLength: 1, maxLength: 5 }), (given, operations) => {
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
      let theirs: unknown
      try {
        const document = { schemas, meta: {}, ...structuredClone(given) }
        theirs = scimPatch(document as never, structuredClone(operations) as never)
      } catch {
        fc.pre(false) // it refuses to look for a value in an attribute that it has emptied before
      }
      const ours = applyOperations(given, readOperations(userKind, { Operations: operations }))
      assert.deepEqual(sorted(ours), sorted(theirs as never))
    }),
  )
})

const quoted = text.map((one) => `"${one}"`)
const comparison = fc
  .tuple(
    fc.constantFrom('userName', 'displayName', 'name.givenName'),
    fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew'),
    quoted,
  )
  .map((parts) => parts.join(' '))
const filter = fc.oneof(
  comparison,
  fc.tuple(comparison, fc.constantFrom('and', 'or'), comparison).map((parts) => parts.join(' ')),
  fc.constantFrom('nickName pr', 'displayName pr'),
)

test('filters find what SCIMMY finds', () => {
  fc.assert(
    fc.property(filter, fc.array(resource, { maxLength: 6 }), (given, resources) => {
      // SCIMMY compares with case; the attributes here do not (RFC 7643 §4.1), so both get small letters.
      const small = JSON.parse(
        JSON.stringify(resources)
          .toLowerCase()
          .replaceAll('username', 'userName')
          .replaceAll('displayname', 'displayName')
          .replaceAll('givenname', 'givenName'),
      )
      const wanted = given.replaceAll(/"[^"]*"/g, (value) => value.toLowerCase())
      const ours = small.filter((one: Resource) => fits(parseFilter(wanted), one, userKind))
      const theirs = new SCIMMY.Types.Filter(wanted).match(small)
      assert.deepEqual(ours, theirs)
    }),
  )
})
