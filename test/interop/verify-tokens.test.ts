import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '../support/client.ts'
import { server } from '../support/fixture.ts'
import { freePort } from '../support/postgres.ts'

// The lines of docs/verify-tokens.md, run as they stand but for the addresses, by the frameworks they are
// written for.
const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/verify-tokens.md'), 'utf8')
const example = (heading: string): string =>
  new RegExp(`## ${heading}\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ??
  assert.fail(`no example for ${heading}`)

const python = '/usr/bin/python3'
function missingPython(): false | string {
  try {
    execFileSync(python, ['-c', 'import fastapi, uvicorn, jwt, cryptography'], { stdio: 'ignore' })
    return false
  } catch {
    return 'python3-fastapi, uvicorn and python3-jwt of Debian are not installed'
  }
}

const services: Record<
  string,
  { file: string; skip: false | string; command(file: string, port: number): [string, string[]] }
> = {
  Express: { file: 'service.mjs', skip: false, command: (file) => [process.execPath, [file]] },
  Fastify: { file: 'service.mjs', skip: false, command: (file) => [process.execPath, [file]] },
  FastAPI: {
    file: 'service.py',
    skip: missingPython(),
    command: (_file, port) => [
      python,
      ['-m', 'uvicorn', 'service:app', '--port', String(port), '--log-level', 'error'],
    ],
  },
}

for (const [framework, { file, skip, command }] of Object.entries(services)) {
  test(`${framework}: the example accepts our tokens and no others`, {
    skip,
    timeout: 180_000,
  }, async (t) => {
    const app = await server(t)
    const stranger = await server(t)
    const [kim, lee] = [await app.user(), await stranger.user()]
    const service = await start(t, { text: example(framework), file, issuer: app.url, command })
    const good = await service.get('/orders', { token: kim.accessToken })
    assert.equal(good.status, 200)
    assert.deepEqual(good.body, { account: kim.accountId })
    const [head, body, signature] = kim.accessToken.split('.') as [string, string, string]
    for (const token of [
      lee.accessToken,
      `${head}.${body}.${'A'.repeat(signature.length)}`,
      kim.refreshToken,
      'x',
    ]) {
      const refused = await service.get('/orders', { token })
      assert.equal(refused.status, 401)
      assert.match(refused.headers.get('www-authenticate') ?? '', /invalid_token/)
    }
    assert.equal((await service.get('/orders')).status, 401)
  })
}

async function start(
  t: TestContext,
  given: {
    text: string
    file: string
    issuer: string
    command(file: string, port: number): [string, string[]]
  },
) {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const folder = mkdtempSync(join(root, '.tmp/service-')) // inside the project, where its packages are found
  const port = await freePort()
  writeFileSync(
    join(folder, given.file),
    given.text.replaceAll('http://localhost:8000', given.issuer).replaceAll('3000', String(port)),
  )
  const [command, words] = given.command(join(folder, given.file), port)
  const child: ChildProcess = spawn(command, words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr?.on('data', (data) => (complaints += data))
  t.after(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const service = createClient(`http://127.0.0.1:${port}`)
  for (let tries = 0; tries < 200; tries++) {
    if (
      await service.get('/').then(
        () => true,
        () => false,
      )
    )
      return service
    assert.equal(child.exitCode, null, complaints)
    await wait(50)
  }
  return assert.fail(`it did not start: ${complaints}`)
}
