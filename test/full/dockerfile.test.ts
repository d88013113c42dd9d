import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createClient } from '../support/client.ts'

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'sumun-image-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('the steps of the Dockerfile leave a server that starts, in an empty folder', { timeout: 300_000 }, async (t) => {
  const root = join(import.meta.dirname, '../..')
  const stages = { build: folder(t), last: folder(t) }
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
          filter: (path) => isFromBuild !== undefined || !/\/(node_modules|dist)(\/|$)/.test(path.slice(root.length)),
        })
      }
    }
    const run = /^RUN (npm.+|node.+)$/.exec(line)
    if (run)
      execFileSync('sh', ['-ec', run[1] as string], {
        cwd: stages[stage],
        stdio: 'pipe',
        env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }, // Debian's may be older
      })
  }
  const child = spawn(process.execPath, ['bin/sumun.js', 'start', '--port', '0', '--data', join(stages.last, 'data')], {
    cwd: stages.last,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += data))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)))
    child.once('exit', () => reject(new Error(stderr)))
  })
  const app = createClient(JSON.parse(line).url)
  await app.user()
  assert.match((await app.get('/docs')).body, /swagger/i)
})
