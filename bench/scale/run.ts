import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { MasterKey } from '../../src/crypto/master-key.ts'
import { purge } from '../../src/engine/operations/background.ts'
import { changeDatabase } from '../../test/support/change-database.ts'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { account, post, startEmpty, startOurs, withEngine } from '../ours.ts'
import { type Compared, compare, placeAt } from './measure.ts'
import { populate, type Size } from './populate.ts'

/**
 * `npm run bench:scale [-- --accounts N --events N --times N --only PATTERN --folder PATH]`: the same calls
 * at a thousand accounts and at a million, on both engines, and how long backup and restore take. Rewrites
 * the tables in docs/performance.md. The whole takes an hour and 30 GB of disk; what was made in a folder
 * that is named stays there, and is used again.
 */
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    times: { type: 'string', default: '300' },
    only: { type: 'string' },
    folder: { type: 'string' },
  },
})
const page = 'docs/performance.md'
const [begin, end] = ['<!-- scale -->', '<!-- /scale -->']
const small: Size = { accounts: 1_000, events: 10_000 }
const large: Size = { accounts: Number(values.accounts), events: Number(values.events) }
const expiredSessions = Math.min(100_000, Math.floor(large.accounts / 10))
const times = Number(values.times)
const only = values.only === undefined ? undefined : new RegExp(values.only)
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sumun-scale-'))
const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

/** A data folder with one account that signed up, and then with many more. */
async function prepare(name: string, size: Size): Promise<string> {
  const data = join(folder, name)
  if (existsSync(data)) return data
  const ours = await startOurs({ SUMUN_DATA: data })
  await post(ours.url, '/login', { username: account.email, password: account.password })
  await ours.stop()
  populate(join(data, 'sumun.sqlite'), new MasterKey(keyOf(data)), size, (text) => say(`${name}: ${text}`))
  rmSync(join(data, 'audit-anchor.json'), { force: true })
  return data
}
const keyOf = (data: string): string => readFileSync(join(data, 'master.key'), 'utf8').trim()

interface Loop {
  /** The longest time in which the server could not answer, in milliseconds. */
  longest: number
  megabytes: number
}

async function measure(
  environments: [Record<string, string>, Record<string, string>],
): Promise<{ compared: Compared[]; loop: Loop }> {
  const [one, other] = [await startEmpty(environments[0]), await startEmpty(environments[1])]
  try {
    const compared = await compare(await placeAt(one), await placeAt(other), { times, only })
    const metrics = await (await fetch(`${other.url}/metrics`)).text()
    const read = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1])
    return {
      compared,
      loop: {
        longest: read('nodejs_eventloop_lag_max_seconds') * 1000,
        megabytes: read('process_resident_memory_bytes') / 1e6,
      },
    }
  } finally {
    await one.stop()
    await other.stop()
  }
}

/** A command of ours, which must succeed. Returns how many seconds it took. */
function command(words: string[], environment: Record<string, string>): number {
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['bin/sumun.js', ...words], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`sumun ${words.join(' ')}: ${stderr}`)
  return (performance.now() - startedAt) / 1000
}

/** How long requests wait while many expired sessions are purged. */
async function purging(environment: Record<string, string>): Promise<{ seconds: number; longest: number }> {
  const statement = `UPDATE session SET expires_at = 1 WHERE id IN (SELECT id FROM session ORDER BY id LIMIT ${expiredSessions})`
  await changeDatabase(environment, statement)
  return withEngine({ environment, url: 'http://127.0.0.1:1' }, async ({ engine }) => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const startedAt = performance.now()
    delay.enable()
    await purge(engine)
    delay.disable()
    return { seconds: (performance.now() - startedAt) / 1000, longest: delay.max / 1e6 }
  })
}

const shown = (milliseconds: number): string => milliseconds.toFixed(milliseconds < 10 ? 2 : 1)
const row = ({ what, small: few, large: many }: Compared): string =>
  `| ${what} | ${shown(few.p50)} | ${shown(many.p50)} | ${(many.p50 / few.p50).toFixed(2)} | ${shown(few.p99)} | ${shown(many.p99)} | ${(many.p99 / few.p99).toFixed(2)} |`

function tableOf(engine: string, { compared, loop }: { compared: Compared[]; loop: Loop }): string {
  return [
    `**${engine}**: milliseconds of one call at a time, ${times} each, at both places in turn. The loop of the large one never stood still longer than ${shown(loop.longest)} ms; its process took ${Math.round(loop.megabytes)} MB.`,
    '',
    '| call | p50, a thousand | p50, a million | ratio | p99, a thousand | p99, a million | ratio |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...compared.map(row),
  ].join('\n')
}

const parts: string[] = []
try {
  const [few, many] = [await prepare('small', small), await prepare('large', large)]
  say('SQLite')
  parts.push(tableOf('SQLite', await measure([{ SUMUN_DATA: few }, { SUMUN_DATA: many }])))
  const purgedFile = await purging({ SUMUN_DATA: many })
  const [file, smallFile] = [join(folder, 'large.gz'), join(folder, 'small.gz')]
  command(['backup', smallFile, '--overwrite'], { SUMUN_DATA: few })
  const backup = command(['backup', file, '--overwrite'], { SUMUN_DATA: many })
  say(`backup: ${backup.toFixed(0)} s`)
  const works: string[] = [
    `| backup of SQLite | ${backup.toFixed(0)} s |`,
    `| ${expiredSessions} sessions purged from SQLite | ${purgedFile.seconds.toFixed(1)} s; the loop stood still for ${shown(purgedFile.longest)} ms at the longest |`,
  ]
  const found = findPostgres()
  if ('binaries' in found) {
    const cluster = await startPostgres(found.binaries)
    try {
      const place = async (name: string, data: string) => {
        await changeDatabase({ SUMUN_DATABASE_URL: cluster.url }, `CREATE DATABASE ${name}`)
        const url = new URL(cluster.url)
        url.pathname = name
        return {
          SUMUN_DATA: mkdtempSync(join(tmpdir(), 'sumun-scale-')),
          SUMUN_DATABASE_URL: url.href,
          SUMUN_MASTER_KEY: keyOf(data),
        }
      }
      const environments = [await place('small', few), await place('large', many)] as const
      command(['restore', smallFile], environments[0])
      const restore = command(['restore', file], environments[1])
      say(`restore: ${restore.toFixed(0)} s`)
      await changeDatabase(environments[1], 'VACUUM ANALYZE')
      await changeDatabase(environments[0], 'VACUUM ANALYZE')
      parts.push(tableOf('PostgreSQL', await measure([...environments])))
      const purged = await purging(environments[1])
      works.push(
        `| restore into PostgreSQL | ${restore.toFixed(0)} s |`,
        `| ${expiredSessions} sessions purged from PostgreSQL | ${purged.seconds.toFixed(1)} s; ${shown(purged.longest)} ms |`,
      )
    } finally {
      await cluster.stop()
    }
  } else say(found.missing)
  parts.unshift(
    `${large.accounts.toLocaleString('en')} accounts, as many sessions, and ${large.events.toLocaleString('en')} lines of the audit log, beside ${small.accounts.toLocaleString('en')} and ${small.events.toLocaleString('en')}.`,
    ['| work | took |', '| --- | --- |', ...works].join('\n'),
  )
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}
const text = readFileSync(page, 'utf8')
writeFileSync(
  page,
  `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${parts.join('\n\n')}\n\n${text.slice(text.indexOf(end))}`,
)
console.log(`${parts.join('\n\n')}\n\nwritten to ${page}`)
