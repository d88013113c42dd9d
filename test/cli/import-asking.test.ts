import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { engines } from '../support/engines.ts'
import { bcrypt, importedPassword, importingServer } from '../support/import.ts'
import { sumun } from '../support/sumun.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
type Answer = (asked: Record<string, unknown>, reply: ServerResponse) => void

/** The system from which the users came: it knows one password, and checks who asks. */
async function oldSystem(t: TestContext) {
  const asked: Record<string, unknown>[] = []
  const state: { answer: Answer } = {
    answer: ({ password }, reply) => reply.end(JSON.stringify({ valid: password === 'the old password' })),
  }
  const server = createServer(async (request: IncomingMessage, reply) => {
    const body = await text(request)
    const given = new Webhook(secret).verify(body, request.headers as Record<string, string>)
    asked.push(given as Record<string, unknown>)
    state.answer(given as Record<string, unknown>, reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check` }
}

for (const engine of engines)
  test(`${engine.name}: who brings no password is asked for the one that the old system knows, once`, {
    skip: engine.skip,
    timeout: 120_000,
  }, async (t) => {
    const old = await oldSystem(t)
    const settings = { SUMUN_OLD_SYSTEM_URL: old.url, SUMUN_OLD_SYSTEM_SECRET: secret }
    const { app, write, run, signIn } = await importingServer(t, engine, settings)
    const file = write(
      'users.csv',
      [
        'id,email,email_verified,username,password_hash',
        '17,kim@example.com,true,kim,',
        `18,lee@example.com,true,lee,${bcrypt}`,
        ...[...Array(7).keys()].map((n) => `19${n},park${n}@example.com,true,park${n},`),
        '20,fake@example.com,true,fake,$asked$WyIxNyIsImtpbUBleGFtcGxlLmNvbSJd',
      ].join('\n'),
    )
    const unset = await sumun(['import', file, '--ask-old-system'], { environment: app.environment })
    assert.match(unset.stderr, /needs SUMUN_OLD_SYSTEM_URL/)
    const foretold = await run(file, '--dry-run', '--ask-old-system')
    assert.equal(foretold.exitCode, 0, foretold.stdout + foretold.stderr)
    const { json } = await run(file, '--ask-old-system')
    assert.deepEqual(json.hashes, { 'asked for at the first sign-in': 8, 'bcrypt 4': 1, unknown: 1 })
    assert.deepEqual({ ...foretold.json, dry_run: false, import: null }, { ...json, import: null })
    assert.deepEqual(old.asked, [], 'nothing is asked before a user signs in')
    assert.equal((await signIn('kim', 'wrong')).status, 400)
    const first = await signIn('kim@example.com', 'the old password')
    assert.equal(first.status, 200, JSON.stringify(first.body))
    const about = { type: 'password.check', id: '17', username: 'kim@example.com' }
    assert.deepEqual(old.asked, [
      { ...about, password: 'wrong' },
      { ...about, password: 'the old password' },
    ])
    // From now on it is a password of ours.
    assert.equal((await signIn('kim', 'the old password')).status, 200)
    assert.equal((await signIn('kim', 'another')).status, 400)
    assert.equal((await signIn('lee', importedPassword)).status, 200)
    for (const name of ['fake', 'nobody']) assert.equal((await signIn(name, 'the old password')).status, 400)
    assert.equal(old.asked.length, 2)
    // What is no answer is no.
    const silent: ServerResponse[] = []
    const answers: Record<string, Answer> = {
      'an error': (_, reply) => reply.writeHead(500).end('{"valid":true}'),
      'a redirect': (_, reply) => reply.writeHead(307, { location: old.url }).end(),
      'another word': (_, reply) => reply.end('{"valid":"true"}'),
      'no JSON': (_, reply) => reply.end('yes'),
      'too much': (_, reply) => reply.end(`{"valid":true,"x":"${'x'.repeat(10_000)}"}`),
      'a hang-up': (_, reply) => reply.destroy(),
      silence: (_, reply) => void silent.push(reply),
    }
    for (const [place, [name, answer]] of Object.entries(answers).entries()) {
      old.state.answer = answer
      const startedAt = performance.now()
      const { status, body } = await signIn(`park${place}`, 'the old password')
      assert.deepEqual([name, status, body.code], [name, 400, 'incorrect_credentials'])
      assert.ok(performance.now() - startedAt < 5_000, name)
    }
  })
