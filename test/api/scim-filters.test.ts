import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fits, parseFilter } from '../../src/domain/scim/filter.ts'
import { userKind } from '../../src/domain/scim/schemas.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { scimClient } from '../support/scim.ts'

const names = ['ada', 'Ädä_1', '김철수', 'a%b', 'bo\\"b', 'x_y']
const text = fc.constantFrom(...names, 'a', '_', '%', 'A', '.example', '', 'zzz')
const quoted = (value: string) => JSON.stringify(value)
const compares = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')

/** Of attributes that are columns, that are not, and both. */
const leaf = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('userName', 'externalId', 'USERNAME', 'name.familyName', 'title', 'id'),
      compares,
      text,
    )
    .map(([path, op, value]) => `${path} ${op} ${quoted(value)}`),
  fc.constantFrom('active eq true', 'active ne true', 'active eq "False"', 'title pr', 'externalId pr'),
  fc.constantFrom('externalId eq null', 'externalId ne null', 'userName pr', 'nickName pr'),
  fc
    .tuple(
      fc.constantFrom('meta.created', 'meta.lastModified'),
      fc.constantFrom('gt', 'le', 'eq', 'ne'),
      fc.integer({ min: -2, max: 12 }),
    )
    .map(([path, op, minutes]) => `${path} ${op} "@${minutes}"`),
)
const filters = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie('filter').map((one) => `not (${one})`),
  ),
})).filter

for (const engine of engines)
  test(`${engine.name}: the database decides filters as they read, whatever they combine`, {
    skip: engine.skip,
    timeout: 120_000,
  }, async (t) => {
    const app = await server(t, { engine })
    const scim = await scimClient(app)
    const begun = app.clock.now()
    for (const [place, name] of names.entries()) {
      app.clock.advance(60_000)
      await scim.user(`${name}@corp.example`, {
        ...(place % 2 === 0 && { externalId: name.toUpperCase() }),
        ...(place % 3 === 0 && { title: name }),
        ...{
          name: { familyName: name },
          emails: [{ value: `u${place}@corp.example` }],
          active: place % 2 === 1,
        },
      })
    }
    const { body } = await scim.find('/Users?count=100')
    assert.equal(body.totalResults, names.length)
    await fc.assert(
      fc.asyncProperty(filters, async (given) => {
        const filter = given.replaceAll(/@(-?\d+)/g, (_, minutes: string) =>
          new Date(begun + Number(minutes) * 60_000).toISOString(),
        )
        const wanted = body.Resources.filter((one: Record<string, unknown>) =>
          fits(parseFilter(filter), one, userKind),
        )
        const found = await scim.find(`/Users?${new URLSearchParams({ filter, count: '100' })}`)
        assert.equal(found.status, 200, `${filter}: ${JSON.stringify(found.body)}`)
        assert.deepEqual(
          found.body.Resources.map(({ id }: { id: string }) => id),
          wanted.map(({ id }: { id: string }) => id),
          filter,
        )
        assert.equal(found.body.totalResults, wanted.length)
      }),
      { numRuns: 150 },
    )
  })
