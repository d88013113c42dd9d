import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { server } from '../support/fixture.ts'

// docs/two-factors.md is pasted into a shell as it stands, but for the port.
const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

test('docs/two-factors.md: password and app make aal2, and a passkey alone does', {
  timeout: 120_000,
}, async (t) => {
  const app = await server(t)
  const text = readFileSync(join(root, 'docs/two-factors.md'), 'utf8')
  const script = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines).join('\n')
  const { stdout } = await run(
    'bash',
    ['-euo', 'pipefail', '-c', script.replaceAll('http://localhost:8000', app.url)],
    { cwd: root },
  )
  const lines = stdout.trim().split('\n')
  assert.deepEqual([lines[0], lines[1], lines[4]], ['totp', 'more', 'passkey'], stdout)
  assert.match(lines[2] ?? '', /the account has set up a second factor/)
  const [withApp, withPasskey] = [lines[3], lines[5]].map((line) => JSON.parse(line as string))
  assert.deepEqual([withApp.acr, withApp.amr], ['aal2', ['pwd', 'otp', 'mfa']])
  assert.ok(['aal2', 'aal3'].includes(withPasskey.acr) && withPasskey.amr.includes('user'))
  assert.equal(withApp.sub, withPasskey.sub)
})
