import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { changeDatabase } from '../support/change-database.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'

// An attacker with the database, but without the master key.
async function faultOf({ environment }: TestServer): Promise<string | undefined> {
  const { json, exitCode } = await sumun(['audit', 'verify', '--json'], { environment })
  assert.equal(exitCode, json.intact ? 0 : 4)
  return json.fault?.reason
}

const attacks: Record<string, { statements: (seq: number) => string[]; reasons: string[] }> = {
  'a refusal is made a success and left for the server to seal': {
    statements: () => [
      `UPDATE event SET outcome = 'success', seq = NULL, chain = NULL WHERE outcome = 'failure'`,
    ],
    reasons: ['missing', 'invented', 'changed'],
  },
  'a line that was not sealed yet is changed': {
    statements: () => [
      `UPDATE audit_head SET seq = (SELECT seq - 1 FROM event WHERE outcome = 'failure'),
         chain = (SELECT chain FROM event WHERE seq = (SELECT seq - 1 FROM event WHERE outcome = 'failure'))`,
      `UPDATE event SET outcome = 'success', seq = NULL, chain = NULL WHERE seq >= (SELECT seq FROM event WHERE outcome = 'failure')`,
    ],
    reasons: ['invented', 'rewritten', 'end_missing'],
  },
  'a line is invented': {
    statements: () => [
      `INSERT INTO event (id, at, kind, actor, subject, outcome, details, details_salt, details_hash, mac)
         SELECT 'evt_zzzzzzzzzzzzzzzzzzzzzzzzzz', at, 'session.ended', actor, subject, outcome, details, details_salt, details_hash, mac FROM event WHERE seq = 2`,
    ],
    reasons: ['invented'],
  },
  'the end is cut off, with what says where it was': {
    statements: (seq) => [
      `DELETE FROM event WHERE seq IS NULL OR seq > ${seq - 2}`,
      `UPDATE audit_head SET seq = ${seq - 2}, chain = (SELECT chain FROM event WHERE seq = ${seq - 2})`,
    ],
    reasons: ['end_missing'],
  },
}

for (const engine of engines)
  for (const [what, { statements, reasons }] of Object.entries(attacks))
    test(`${engine.name}: the audit log shows it where ${what}`, { skip: engine.skip }, async (t) => {
      const app = await server(t, { engine })
      for (let i = 0; i < 3; i++) await app.user()
      assert.equal(
        (await app.post('/login', { json: { username: 'nobody', password: 'not the password at all' } }))
          .status,
        400,
      )
      await app.user()
      const { audit, store } = app.running.engine
      await audit.seal()
      assert.equal(await faultOf(app), undefined)
      const { seq } = await store.transaction((tx) => tx.events.lockHead())
      for (const statement of statements(seq)) await changeDatabase(app.environment, statement)
      await audit.seal() // the server keeps chaining what it finds
      const fault = await faultOf(app)
      assert.ok(fault !== undefined && reasons.includes(fault), `${fault}`)
    })

test('the end of the audit log is told to an address of the operator’s, and what can be proved is said', async (t) => {
  const heads: { seq: number; chain: string }[] = []
  const listener = createServer(async (request, response) => {
    heads.push(JSON.parse(await text(request)))
    response.end()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  t.after(() => listener.close())
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`
  const app = await server(t, { settings: { SUMUN_AUDIT_ANCHOR_URL: url } })
  await app.user()
  await app.running.engine.audit.seal()
  for (let tries = 0; tries < 300 && heads.length === 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok((heads[0]?.seq ?? 0) > 0 && typeof heads[0]?.chain === 'string')
  const said = await sumun(['audit', 'verify'], { environment: app.environment })
  assert.match(said.stdout, /master key/, 'who has that as well can write what they like')
})
