import { execFileSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { findPostgres, type PostgresCluster, startPostgres } from './postgres.ts'

/**
 * `npm test`: brings up what the tests need from outside npm, runs every file but those of the slow suites,
 * and closes with what was skipped and why. Names of files or folders may follow; in CI a skip is a failure.
 */
// `npm run test:crash` and so on; those of the command line go with `test:full`
const slowSuites = ['crash', 'interop', 'full', 'cli']
const started = performance.now()
execFileSync(process.execPath, ['tools/build.ts']) // the tests of the command line start many processes
const found = findPostgres()
const cluster: PostgresCluster | undefined =
  'binaries' in found ? await startPostgres(found.binaries, { survivesPowerCuts: false }) : undefined
if (cluster) process.env.TEST_POSTGRES_URL = cluster.url
else if ('missing' in found) process.env.TEST_POSTGRES_MISSING = found.missing

process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'sumun-test-code') // each file is a process of its own

const rounds = process.argv.findLast((word) => word.startsWith('--crash-rounds='))?.split('=')[1]
if (rounds) process.env.TEST_CRASH_ROUNDS = rounds
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const patterns =
  chosen.length > 0
    ? chosen.flatMap((path) => [path, `${path}/**/*.test.ts`])
    : ['test/**/*.test.ts', 'src/**/*.test.ts']
const isSlow = (path: string): boolean =>
  chosen.length === 0 && slowSuites.some((suite) => path.startsWith(join('test', suite, '/')))
const files = [...new Set(globSync(patterns))]
  .filter((path) => path.endsWith('.test.ts') && existsSync(path) && !isSlow(path))
  .sort()
const counts = { passed: 0, failed: 0, skipped: new Map<string, string[]>() }

const pattern = process.argv
  .findLast((word) => word.startsWith('--test-name-pattern='))
  ?.slice('--test-name-pattern='.length)
const stream = run({
  files,
  concurrency: rounds ? 1 : 3, // what is killed and restarted has the machine to itself
  timeout: rounds ? 3_600_000 : 180_000,
  ...(pattern !== undefined && { testNamePatterns: [new RegExp(pattern)] }),
})
stream.on('test:pass', ({ name, skip, details, file }) => {
  if (details.type === 'suite' || name === file) return
  if (skip === undefined) counts.passed++
  else counts.skipped.set(String(skip), [...(counts.skipped.get(String(skip)) ?? []), name])
})
stream.on('test:fail', () => counts.failed++)
await new Promise((resolve) => stream.compose(new spec()).on('end', resolve).pipe(process.stdout))
await cluster?.stop()

const skipped = [...counts.skipped.values()].flat().length
for (const [reason, names] of counts.skipped)
  console.log(`skipped (${reason}):\n${names.map((name) => `  ${name}`).join('\n')}`)
console.log(`${Math.round((performance.now() - started) / 1000)} s`)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${skipped} skipped`)
const isStrict = process.env.CI === 'true'
process.exit(counts.failed > 0 || counts.passed === 0 || (isStrict && skipped > 0) ? 1 : 0)
