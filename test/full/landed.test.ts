import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { test } from 'node:test'
import pg from 'pg'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { engines, type StoreEngine } from '../support/engines.ts'
import { server, type TestClock } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'
import { authenticatorApp, openBrowser } from '../support/users.ts'

// Every row of a database of an earlier version, with the tokens of its users and applications.
interface Landed {
  // biome-ignore lint/suspicious/noExplicitAny: a file says what it holds
  notes: Record<string, any>
  rows: Record<string, Record<string, SQLInputValue>[]>
}
const readLanded = (name: string): Landed =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../fixtures/${name}.json`), 'utf8')) as Landed

/** As an operator was called before a capital sharp s was folded to ss. */
function withSharpS(landed: Landed): Landed {
  const { notes, rows } = landed
  const operator = rows.identifier?.find(({ value }) => value === notes.operator.email)
  rows.identifier?.push({ ...operator, kind: 'username', value: 'straße', display: 'Straẞe' })
  return landed
}

const versions = [
  {
    applied: 3,
    landed: withSharpS(readLanded('landed-0003')),
    operatorNames: ['Straẞe', 'straße', 'STRASSE'],
  },
  { applied: 4, landed: readLanded('landed-0004'), operatorNames: [] },
  { applied: 6, landed: readLanded('landed-0006'), operatorNames: [] },
  { applied: 8, landed: readLanded('landed-0006'), operatorNames: [] },
  { applied: 11, landed: readLanded('landed-0006'), operatorNames: [] },
]
const databaseFile = (environment: Record<string, string>) =>
  join(environment.SUMUN_DATA as string, 'sumun.sqlite')

async function makeLanded(
  environment: Record<string, string>,
  { notes, rows }: Landed,
  applied: number,
): Promise<void> {
  const url = environment.SUMUN_DATABASE_URL
  const database =
    url === undefined ? openSqlite(databaseFile(environment)) : openPostgres({ url, isPooled: false })
  await migrate(database, migrations.slice(0, applied), Number(notes.made_at))
  await database.close()
  const statements = Object.entries(rows)
    .filter(([table]) => table !== 'schema_migration')
    .flatMap(([table, list]) =>
      list.map((row) => {
        const columns = Object.keys(row)
        const text = (mark: string) =>
          `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `${mark}${index + 1}`).join(', ')}) ON CONFLICT DO NOTHING`
        return { text, values: Object.values(row) }
      }),
    )
  if (url === undefined) {
    const file = new DatabaseSync(databaseFile(environment))
    file.exec('PRAGMA foreign_keys = OFF')
    for (const { text, values } of statements) file.prepare(text('?')).run(...values)
    return file.close()
  }
  const connection = new pg.Client({ connectionString: url })
  await connection.connect()
  await connection.query('SET session_replication_role = replica')
  for (const { text, values } of statements) await connection.query(text('$'), values)
  await connection.end()
}

/** A clock that continues from the time of the database. */
const clockFrom = (start: number): TestClock => {
  const begun = performance.now()
  let added = 0
  return {
    now: () => Math.floor(start + performance.now() - begun + added),
    advance(milliseconds) {
      added += milliseconds
    },
  }
}

async function landedServer(
  t: Parameters<StoreEngine['prepare']>[0],
  engine: StoreEngine,
  { landed, applied }: (typeof versions)[number],
) {
  const { notes } = landed
  const environment = {
    ...(await engine.prepare(t)),
    SUMUN_MASTER_KEY: notes.master_key,
    SUMUN_ISSUER: notes.issuer,
  }
  await makeLanded(environment, landed, applied)
  return server(t, { environment, clock: clockFrom(Number(notes.made_at) + 120_000) })
}

for (const engine of engines)
  for (const version of versions) {
    const { notes } = version.landed
    const options = { skip: engine.skip }
    const of = `${engine.name}, migration ${version.applied}`

    test(`${of}: sessions, tokens and data of an earlier version stay valid`, options, async (t) => {
      const app = await landedServer(t, engine, version)
      const { kim, lee, client, operator } = notes
      const refreshed = await app.post('/refresh', { json: { refresh_token: kim.refresh_token } })
      assert.equal(refreshed.status, 200, JSON.stringify(refreshed.body))
      const { body: me } = await app.get('/v1/me', { token: refreshed.body.access_token })
      assert.deepEqual([me.id, me.email], [kim.account, kim.email])
      const browser = openBrowser(app)
      for (const [name, value] of Object.entries(lee.cookies)) browser.cookies.set(name, String(value))
      const account = await browser.get('/account')
      assert.deepEqual([account.status, account.body.includes(lee.email)], [200, true])
      const second = { username: kim.email, password: kim.password }
      const code = authenticatorApp(kim.totp).codeAt(app.clock.now())
      assert.equal((await app.post('/login', { json: second })).status, 403)
      assert.equal((await app.post('/login', { json: { ...second, code } })).status, 200)
      assert.equal((await app.post('/login', { json: { ...second, code: kim.codes.at(-1) } })).status, 200)
      assert.equal((await app.get('/protected', { token: kim.key })).status, 200)
      assert.equal((await app.post('/v1/me/token', { token: kim.key })).status, 200)
      for (const username of [operator.email, ...version.operatorNames])
        assert.equal(
          (await app.post('/login', { json: { username, password: operator.password } })).status,
          200,
          username,
        )
      const form = {
        grant_type: 'refresh_token',
        client_id: client.id,
        client_secret: client.secret,
        refresh_token: client.refresh_token,
      }
      const ofApplication = await app.post('/oauth/token', { form })
      assert.equal(ofApplication.status, 200, JSON.stringify(ofApplication.body))
      assert.equal(
        (await app.get('/oauth/userinfo', { token: ofApplication.body.access_token })).body.sub,
        client.account,
      )
    })

    if (notes.song)
      test(
        `${of}: identities elsewhere stay linked, and their connections can be changed`,
        options,
        async (t) => {
          const app = await landedServer(t, engine, version)
          const { song } = notes
          const { body: pair } = await app.post('/refresh', { json: { refresh_token: song.refresh_token } })
          const { body: held } = await app.get('/v1/me/credentials', { token: pair.access_token })
          assert.deepEqual(
            held.credentials.map((one: { method: string; details: { email: string } }) => [
              one.method,
              one.details.email,
            ]),
            [['oidc', song.email]],
          )
          const options = { environment: app.environment }
          const shown = await sumun(
            ['connection', 'update', song.connection, '--domains', 'example.com', '--json'],
            options,
          )
          assert.deepEqual(JSON.parse(shown.stdout).domains, ['example.com'], shown.stderr)
        },
      )

    test(`${of}: every hash imported by an earlier version still signs in`, options, async (t) => {
      const app = await landedServer(t, engine, version)
      for (const { email, password } of notes.imported)
        assert.equal((await app.post('/login', { json: { username: email, password } })).status, 200, email)
    })

    test(
      `${of}: an undo link of an earlier version works, and its audit log still verifies`,
      options,
      async (t) => {
        const app = await landedServer(t, engine, version)
        const { park } = notes
        assert.equal((await app.post('/undo', { form: { token: park.undo } })).status, 200)
        const back = await app.post('/login', { json: { username: park.former, password: park.password } })
        assert.equal(back.status, 200)
        assert.equal(
          (await app.post('/login', { json: { username: park.email, password: park.password } })).status,
          400,
        )
        await app.running.engine.audit.seal()
        const verified = await sumun(['audit', 'verify', '--json'], { environment: app.environment })
        assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr)
      },
    )
  }
