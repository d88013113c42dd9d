import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasWrk } from './load.ts'
import { connectionRows } from './rows/connections.ts'
import { importRows } from './rows/import.ts'
import { pageRows } from './rows/pages.ts'
import { peerRows } from './rows/peers.ts'
import { processRows } from './rows/process.ts'
import { protectedRows } from './rows/protected.ts'
import { providerRows } from './rows/provider.ts'
import { refreshRows } from './rows/refresh.ts'
import { scimRows } from './rows/scim.ts'
import { sdkRows } from './rows/sdk.ts'
import { signInRows } from './rows/sign-in.ts'
import { upstreamRows } from './rows/upstream.ts'
import { type Row, type RunOptions, toMarkdown } from './table.ts'

/**
 * `npm run bench [-- --seconds N]`: measures, prints the table, and rewrites it in docs/performance.md. With
 * `--only NAME`, such as `upstream`, it measures and prints that part.
 */
const page = 'docs/performance.md'
const [begin, end] = ['<!-- measured -->', '<!-- /measured -->']

if (!hasWrk()) {
  console.error("the benchmarks are driven by wrk, Debian's package of that name: apt-get install wrk")
  process.exit(1)
}
execFileSync(process.execPath, ['tools/build.ts'])
const argument = (name: string): string | undefined => {
  const place = process.argv.indexOf(name)
  return place > 0 ? process.argv[place + 1] : undefined
}
const only = argument('--only')
const notes: string[] = []
const folder = mkdtempSync(join(tmpdir(), 'sumun-bench-'))
const options: RunOptions = {
  seconds: Number(argument('--seconds') ?? 5),
  folder,
  note: (text) => notes.push(text),
}
const rows: Row[] = []
try {
  for (const measure of [
    protectedRows,
    refreshRows,
    providerRows,
    sdkRows,
    signInRows,
    upstreamRows,
    pageRows,
    connectionRows,
    importRows,
    scimRows,
    processRows,
    peerRows,
  ].filter(({ name }) => only === undefined || name.startsWith(only))) {
    const measured = await measure(options)
    console.log(toMarkdown(measured).split('\n').slice(2).join('\n'))
    rows.push(...measured)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (only !== undefined) process.exit(0)
const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, Node ${process.versions.node}, ${options.seconds} s each; the load comes from the same machine.`
const measuredText = [machine, '', toMarkdown(rows), ...notes.map((note) => `\n${note}`)].join('\n')
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${measuredText}\n\n${text.slice(text.indexOf(end))}`,
)
console.log(`\nwritten to ${page}`)
