import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { preparePgbench } from '../limits/pgbench.ts'
import { drive } from '../load.ts'
import { account, type Ours, post, startOurs } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const connections = 64
const spares = 16 // wrk asks for a request or two that it does not send
const rounds = 3 // in turn, so that whatever else the machine does meets both

/**
 * `POST /refresh`, each on the successor of its own last one; beside how often the same disk and database can
 * commit by themselves.
 */
export async function refreshRows(options: RunOptions): Promise<Row[]> {
  const rows: Row[] = []
  const sqlite = await startOurs()
  try {
    const beside = async (seconds: number) => commitsPerSecond(seconds, options.folder)
    rows.push({
      ...(await byTurns(sqlite, options, beside)),
      what: 'POST /refresh, durable on SQLite',
      beside: 'one-row durable commits of SQLite',
      goal: 1.5,
    })
  } finally {
    await sqlite.stop()
  }
  const found = findPostgres()
  if ('missing' in found) {
    options.note(`Refreshes on PostgreSQL were left out: ${found.missing}.`)
    return rows
  }
  const cluster = await startPostgres(found.binaries)
  const pgbench = preparePgbench(found.binaries, cluster.url)
  const postgres = await startOurs({ SUMUN_DATABASE_URL: cluster.url })
  try {
    rows.push({
      ...(await byTurns(postgres, options, pgbench.simpleUpdates)),
      what: 'POST /refresh, durable on PostgreSQL',
      beside: 'pgbench, simple update, as many connections',
      goal: 1.2,
    })
  } finally {
    await postgres.stop()
    await cluster.stop()
  }
  return rows
}

/** The medians of both. */
async function byTurns(
  ours: Ours,
  { seconds, folder }: RunOptions,
  beside: (seconds: number) => Promise<number>,
) {
  const each = Math.max(2, Math.round(seconds / rounds))
  const [mine, theirs]: [number[], number[]] = [[], []]
  let errors = 0
  for (let round = 0; round < rounds; round++) {
    const refreshed = await refreshing(ours, each, folder)
    mine.push(refreshed.perSecond)
    errors += refreshed.errors
    theirs.push(await beside(each))
  }
  return { unit: '/s', ours: median(mine), theirs: median(theirs), errors }
}

async function refreshing({ url }: Ours, seconds: number, folder: string) {
  const tokens: string[] = []
  for (let session = 0; session < connections + spares; session++) {
    const pair = (await post(url, '/login', { username: account.email, password: account.password })) as {
      refresh_token: string
    }
    tokens.push(pair.refresh_token)
  }
  const list = join(folder, 'refresh.txt')
  writeFileSync(list, tokens.join('\n'))
  const script = `
local queue, head, tail = {}, 1, 0
for line in io.lines("${list}") do tail = tail + 1; queue[tail] = line end
request = function()
  local token = queue[head] or "none"
  if queue[head] then queue[head] = nil; head = head + 1 end
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, '{"refresh_token":"' .. token .. '"}')
end
response = function(status, headers, body)
  local token = body:match('"refresh_token":"([^"]+)"')
  if token then tail = tail + 1; queue[tail] = token end
end`
  return drive({ url: `${url}/refresh`, seconds, connections, script })
}

function commitsPerSecond(seconds: number, folder: string): number {
  const database = new DatabaseSync(join(folder, 'commits.sqlite'))
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS one (id INTEGER PRIMARY KEY, counter INTEGER); INSERT OR IGNORE INTO one VALUES (1, 0)',
  )
  const update = database.prepare('UPDATE one SET counter = counter + 1 WHERE id = 1')
  const startedAt = performance.now()
  let made = 0
  while (performance.now() - startedAt < seconds * 1000) {
    update.run()
    made++
  }
  database.close()
  return made / ((performance.now() - startedAt) / 1000)
}
