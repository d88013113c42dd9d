import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { engines } from '../support/engines.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sumun } from '../support/sumun.ts'

// kill -9 at random moments of an import: it continues where it was, and no account comes twice or is lost.
const rounds = Math.ceil(Number(process.env.TEST_CRASH_ROUNDS ?? 5) / 3) // `--crash-rounds=600` for 200
const main = join(import.meta.dirname, '../../bin/sumun.js')
const rowsInFile = 12_000

/** Runs an import, and kills it after a while. Returns whether it came to its end before. */
async function importAndKill(
  file: string,
  environment: Record<string, string>,
  milliseconds: number,
): Promise<boolean> {
  const child = spawn(process.execPath, [main, 'import', file, '--json'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'ignore',
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const first = await Promise.race([ended, wait(milliseconds, 'late' as const)])
  child.kill('SIGKILL')
  await ended
  return first === 0
}

for (const engine of engines)
  test(`${engine.name}: an import that is killed ${rounds} times makes every account once`, {
    skip: engine.skip,
    timeout: 3_600_000,
  }, async (t) => {
    const environment = await engine.prepare(t)
    const folder = temporaryFolder()
    let killed = 0
    for (let files = 1; killed < rounds; files++) {
      const rows = Array.from(
        { length: rowsInFile },
        (_, row) => `f${files}u${row},f${files}u${row}@example.com`,
      )
      const file = join(folder, `${files}.csv`)
      writeFileSync(file, `username,email\n${rows.join('\n')}\n`)
      for (let attempt = 0; attempt < 40 && killed < rounds; attempt++) {
        const delay = 500 + ((killed * 211 + attempt * 97) % 1_500)
        if (await importAndKill(file, environment, delay)) break
        killed++
      }
      const { json, stdout } = await sumun(['import', file, '--json'], { environment })
      // The counts are of the whole import, over all of its runs; where it had ended, everything is there.
      assert.equal(json?.new + (json?.reasons.identifier_taken ?? 0), rowsInFile, stdout)
      const again = await sumun(['import', file, '--json'], { environment })
      assert.deepEqual([again.json.new, again.json.reasons], [0, { identifier_taken: rowsInFile }])
    }
    const { json } = await sumun(['audit', 'verify', '--json'], { environment })
    assert.equal(json.fault, null)
  })
