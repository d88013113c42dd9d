import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/postgres.ts'

// `npm start` at a terminal: what a person reads, in place of JSON lines.
const main = join(import.meta.dirname, '../../bin/sumun.js')

test('at a terminal the server says where it is, how to become operator, and the codes of mails', {
  timeout: 60_000,
}, async (t) => {
  const port = await freePort()
  const command = `${process.execPath} ${main} start --port ${port} --data ${temporaryFolder()}`
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    env: { PATH: process.env.PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  let shown = ''
  child.stdout.on('data', (data) => (shown += data))
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const giveUp = performance.now() + 30_000
    for (;;) {
      const found = pattern.exec(shown)
      if (found) return found
      assert.ok(performance.now() < giveUp, `${pattern} is not in ${shown}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const url = `http://localhost:${port}`
  await until(/Stop +Ctrl\+C/)
  assert.match(shown, new RegExp(`Sumun is running: ${url}`))
  const [, link] = await until(/First operator +(http\S+) +\(works once\)/)
  assert.match(shown, new RegExp(`API +${url}/docs`))
  assert.match(shown, /Mails +written to .*outbox; their codes appear here/)
  assert.match(await (await fetch(link as string)).text(), /Become the operator/)
  const account = { email: 'minji@example.com', password: 'copper lantern under the pier' }
  const made = await fetch(`${url}/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  assert.equal(made.status, 201)
  const { access_token: token } = (await made.json()) as { access_token: string }
  const [, code] = await until(/minji@example\.com: .*\s+(\d{6})\s/)
  const confirmed = await fetch(`${url}/v1/me/identifiers/email/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ code }),
  })
  assert.equal(confirmed.status, 204)
  assert.doesNotMatch(shown, /\{"|"event"/, 'no lines for machines')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.write('\u0003')
  // The shell that `script` starts hears of it too.
  assert.ok([0, 130].includes((await ended) as number))
})
