import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import pg from 'pg'
import { findPostgres, startPostgres } from '../../test/support/postgres.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const accounts = 100_000
const rounds = 3
const rowsPerTransaction = 500
const tables = ['account', 'identifier', 'credential', 'event'] as const
const main = join(import.meta.dirname, '../../bin/sumun.js')
const bcrypt = '$2b$10$fgPOubgdJs90F1GK2u.Qye7Xyyi2ajrQJoB5LDG5bnITEvFR/xhZ.'

type Rows = Record<(typeof tables)[number], Record<string, SQLInputValue>[]>

/**
 * `sumun import` of a CSV with address, username and hash; beside an insert of the very rows that it made, in
 * transactions as large, into tables with the same indexes.
 */
export async function importRows(options: RunOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(options.folder, 'import-'))
  const [file, one] = [join(folder, 'users.csv'), join(folder, 'one.csv')]
  const line = (n: number) => `${n},user${n}@example.com,true,person${n},Person ${n},${bcrypt}\n`
  const header = 'id,email,email_verified,username,name,password_hash\n'
  writeFileSync(file, header + Array.from({ length: accounts }, (_, n) => line(n)).join(''))
  writeFileSync(one, header + line(accounts))
  const rows = [await onSqlite(folder, { file, one })]
  const found = findPostgres()
  if ('missing' in found) options.note(`Imports on PostgreSQL were left out: ${found.missing}.`)
  else rows.push(await onPostgres(found.binaries, folder, { file, one }))
  return rows
}

interface Files {
  file: string
  /** Of one account: what starting costs. */
  one: string
}

function secondsOf(file: string, environment: Record<string, string>): number {
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(process.execPath, [main, 'import', file, '--json'], {
    ...{ env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' },
  })
  if (status !== 0) throw new Error(stderr)
  return (performance.now() - startedAt) / 1000
}

const perSecond = ({ file, one }: Files, environment: Record<string, string>): number => {
  const start = secondsOf(one, environment)
  return accounts / Math.max(0.001, secondsOf(file, environment) - start)
}

async function onSqlite(folder: string, files: Files): Promise<Row> {
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const data = mkdtempSync(join(folder, 'data-'))
    ours.push(perSecond(files, { SUMUN_DATA: data }))
    theirs.push(bareSqlite(join(data, 'sumun.sqlite'), join(folder, 'bare.sqlite')))
    rmSync(data, { recursive: true, force: true })
  }
  return {
    ...{ what: 'sumun import, SQLite', unit: ' accounts/s', ours: median(ours), theirs: median(theirs) },
    ...{ beside: 'bare insert of the same rows', goal: 0.5, errors: 0 },
  }
}

function bareSqlite(made: string, path: string): number {
  const source = new DatabaseSync(made, { readOnly: true })
  const rows = Object.fromEntries(
    tables.map((table) => [table, source.prepare(`SELECT * FROM ${table}`).all()]),
  ) as unknown as Rows
  const schema = source
    .prepare(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN (${tables.map((name) => `'${name}'`)}) ORDER BY type DESC`,
    )
    .all()
  source.close()
  rmSync(path, { force: true })
  const target = new DatabaseSync(path)
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  for (const { sql } of schema) target.exec(String(sql))
  const inserts = tables.map((table) => {
    const columns = Object.keys(rows[table][0] ?? {})
    return { table, insert: target.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?')})`) }
  })
  const startedAt = performance.now()
  const count = rows.account.length
  for (let from = 0; from < count; from += rowsPerTransaction) {
    target.exec('BEGIN')
    for (const { table, insert } of inserts)
      for (const row of part(rows[table], from, count)) insert.run(...Object.values(row))
    target.exec('COMMIT')
  }
  const seconds = (performance.now() - startedAt) / 1000
  target.close()
  return count / seconds
}

/** The share of a table's rows that belongs to some of the accounts. */
const part = <Value>(rows: readonly Value[], from: number, of: number): readonly Value[] =>
  rows.slice(
    Math.round((rows.length * from) / of),
    Math.round((rows.length * Math.min(of, from + rowsPerTransaction)) / of),
  )

async function onPostgres(binaries: string, folder: string, files: Files): Promise<Row> {
  const cluster = await startPostgres(binaries)
  const [ours, theirs]: [number[], number[]] = [[], []]
  const client = new pg.Client({ connectionString: cluster.url })
  try {
    await client.connect()
    for (let round = 0; round < rounds; round++) {
      const schema = `round_${round}`
      await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}`)
      const url = new URL(cluster.url)
      url.searchParams.set('options', `-c search_path=${schema}`)
      const data = mkdtempSync(join(folder, 'data-'))
      ours.push(perSecond(files, { SUMUN_DATA: data, SUMUN_DATABASE_URL: url.href }))
      theirs.push(await barePostgres(client, schema))
      await client.query(`DROP SCHEMA ${schema} CASCADE; DROP SCHEMA bare CASCADE`)
    }
  } finally {
    await client.end()
    await cluster.stop()
  }
  return {
    ...{ what: 'sumun import, PostgreSQL', unit: ' accounts/s', ours: median(ours), theirs: median(theirs) },
    ...{ beside: 'bare multi-row insert of the same rows', goal: 0.5, errors: 0 },
  }
}

async function barePostgres(client: pg.Client, schema: string): Promise<number> {
  await client.query('CREATE SCHEMA bare')
  const rows = {} as Rows
  for (const table of tables) {
    rows[table] = (await client.query(`SELECT * FROM ${schema}.${table}`)).rows
    await client.query(`CREATE TABLE bare.${table} (LIKE ${schema}.${table} INCLUDING ALL)`)
  }
  const count = rows.account.length
  const startedAt = performance.now()
  for (let from = 0; from < count; from += rowsPerTransaction) {
    await client.query('BEGIN')
    for (const table of tables)
      await client.query({
        ...{ name: `bare_${table}` },
        text: `INSERT INTO bare.${table} SELECT * FROM json_populate_recordset(CAST(NULL AS bare.${table}), CAST($1 AS json))`,
        values: [JSON.stringify(part(rows[table], from, count))],
      })
    await client.query('COMMIT')
  }
  return count / ((performance.now() - startedAt) / 1000)
}
