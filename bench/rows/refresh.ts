import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { drive } from '../load.ts'
import { account, type Ours, post, startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const connections = 64
const spares = 16 // wrk asks for a request or two that it does not send

/** `POST /refresh`, each on the successor of its own last one; beside how often this disk can commit one row at a time. */
export async function refreshRows(options: RunOptions): Promise<Row[]> {
  const rows: Row[] = []
  const commits = commitsPerSecond(options)
  const sqlite = await startOurs()
  try {
    const { perSecond, errors } = await refreshing(sqlite, options)
    rows.push({
      what: 'POST /refresh, durable on SQLite',
      unit: '/s',
      ours: perSecond,
      beside: 'one-row durable commits of SQLite',
      theirs: commits,
      goal: 0.65,
      errors,
    })
  } finally {
    await sqlite.stop()
  }
  const found = findPostgres()
  if ('missing' in found) return rows
  const cluster = await startPostgres(found.binaries)
  const postgres = await startOurs({ SUMUN_DATABASE_URL: cluster.url })
  try {
    const { perSecond, errors } = await refreshing(postgres, options)
    rows.push({
      what: 'POST /refresh, durable on PostgreSQL',
      unit: '/s',
      ours: perSecond,
      beside: 'one-row durable commits of SQLite',
      theirs: commits,
      goal: 0.28,
      errors,
    })
  } finally {
    await postgres.stop()
    await cluster.stop()
  }
  return rows
}

async function refreshing({ url }: Ours, { seconds, folder }: RunOptions) {
  const tokens: string[] = []
  for (let session = 0; session < connections + spares; session++) {
    const pair = (await post(url, '/login', { username: account.email, password: account.password })) as { refresh_token: string }
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

function commitsPerSecond({ seconds, folder }: RunOptions): number {
  const database = new DatabaseSync(join(folder, 'commits.sqlite'))
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE one (id INTEGER PRIMARY KEY, counter INTEGER); INSERT INTO one VALUES (1, 0)',
  )
  const update = database.prepare('UPDATE one SET counter = counter + 1 WHERE id = 1')
  const startedAt = performance.now()
  let made = 0
  while (performance.now() - startedAt < seconds * 500) {
    update.run()
    made++
  }
  database.close()
  return made / ((performance.now() - startedAt) / 1000)
}
