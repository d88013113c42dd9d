import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import pg from 'pg'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { postgres, sqlite } from '../support/engines.ts'

// Nodes of the version before run on while the first node of a new one has migrated the database: the schema
// grows first, and shrinks a version later.
interface Landed {
  name: string
  questionText: string
  dollarText: string
  together: string | null
}
const files = globSync(join(import.meta.dirname, '../fixtures/statements-*.json'))
const before = files.map((file) => ({
  of: basename(file, '.json'),
  statements: JSON.parse(readFileSync(file, 'utf8')) as Landed[],
}))

interface Column {
  table: string
  name: string
}

/** What an INSERT of before leaves out must have a value of its own. */
function refuseUnfilled(statements: readonly Landed[], mandatory: readonly Column[]): void {
  for (const { name, questionText } of statements) {
    const [, table = '', columns = ''] = /^\s*INSERT INTO (\w+) \(([^)]+)\)/.exec(questionText) ?? []
    const given = columns.split(',').map((column) => column.trim())
    const missing =
      table === '' ? [] : mandatory.filter((column) => column.table === table && !given.includes(column.name))
    assert.deepEqual(missing, [], name)
  }
}

for (const { of, statements } of before) {
  test(`sqlite: every statement of ${of} runs on the schema of now`, async (t) => {
    const path = join((await sqlite.prepare(t)).SUMUN_DATA as string, 'sumun.sqlite')
    const made = openSqlite(path)
    await migrate(made, migrations, 0)
    await made.close()
    const database = new DatabaseSync(path)
    t.after(() => database.close())
    assert.ok(statements.length > 100)
    for (const { name, questionText } of statements)
      assert.doesNotThrow(() => database.prepare(questionText), name)
    const mandatory = database
      .prepare(
        `SELECT t.name AS "table", c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
          WHERE t.type = 'table' AND c."notnull" = 1 AND c.dflt_value IS NULL`,
      )
      .all() as unknown as Column[]
    refuseUnfilled(statements, mandatory)
  })

  test(`postgres: every statement of ${of} runs on the schema of now`, { skip: postgres.skip }, async (t) => {
    const url = (await postgres.prepare(t)).SUMUN_DATABASE_URL as string
    const made = openPostgres({ url, isPooled: false })
    await migrate(made, migrations, 0)
    await made.close()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    t.after(() => client.end())
    for (const { name, dollarText, together } of statements)
      for (const text of [dollarText, ...(together ? [together] : [])])
        await assert.doesNotReject(
          () => client.query(`PREPARE one AS ${text}`).then(() => client.query('DEALLOCATE one')),
          name,
        )
    const { rows } = await client.query(
      `SELECT table_name AS "table", column_name AS name FROM information_schema.columns
        WHERE table_schema = current_schema() AND is_nullable = 'NO' AND column_default IS NULL`,
    )
    refuseUnfilled(statements, rows)
  })
}
