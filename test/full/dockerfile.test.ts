import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { createClient } from '../support/client.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'sumun-image-'))

test('the steps of the Dockerfile leave a server that starts, in an empty folder', {
  timeout: 300_000,
}, async (t) => {
  const root = join(import.meta.dirname, '../..')
  const stages = { build: folder(), last: folder() }
  let child: ChildProcess | undefined
  t.after(async () => {
    if (child?.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit') // it writes until then
    for (const path of Object.values(stages)) rmSync(path, { recursive: true, force: true })
  })
  let stage: 'build' | 'last' = 'last'
  for (const line of readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n')) {
    const from = /^FROM \S+(?: AS (build))?/.exec(line)
    if (from) stage = from[1] ? 'build' : 'last'
    const copied = /^COPY (--from=build )?(.+) (\S+)$/.exec(line)
    if (copied) {
      const [, isFromBuild, names = '', to = ''] = copied
      for (const name of names.split(' ')) {
        const source = isFromBuild ? join(stages.build, name.replace('/sumun/', '')) : join(root, name)
        cpSync(source, join(stages[stage], to === './' ? (name.split('/').at(-1) as string) : to), {
          recursive: true,
          filter: (path) =>
            isFromBuild !== undefined || !/\/(node_modules|dist)(\/|$)/.test(path.slice(root.length)),
        })
      }
    }
    const run = /^RUN (npm.+|node.+)$/.exec(line)
    if (run)
      execFileSync('sh', ['-ec', run[1] as string], {
        cwd: stages[stage],
        stdio: 'pipe',
        // Debian's may be older
        env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` },
      })
  }
  const server = spawn(
    process.execPath,
    ['bin/sumun.js', 'start', '--port', '0', '--data', join(stages.last, 'data')],
    {
      cwd: stages.last,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  child = server
  let stderr = ''
  server.stderr.on('data', (data) => (stderr += data))
  const line = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (data) => resolve(String(data)))
    server.once('exit', () => reject(new Error(stderr)))
  })
  const app = createClient(JSON.parse(line).url)
  await app.user()
  assert.match((await app.get('/docs')).body, /First call/)
})
