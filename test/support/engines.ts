import { randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import pg from 'pg'
import { temporaryFolder } from './folder.ts'

/** Set by `run.ts`, which starts the one PostgreSQL of the whole run; or why there is none. */
const clusterUrl = process.env.TEST_POSTGRES_URL
const reason =
  process.env.TEST_POSTGRES_MISSING ?? 'start the tests with `npm test`, which brings a PostgreSQL up'

export interface StoreEngine {
  name: 'sqlite' | 'postgres'
  /** For node:test: false, or the reason. */
  skip: false | string
  /** Environment of a server over an empty database, which goes away after the test. */
  prepare(t: TestContext): Promise<Record<string, string>>
}

/** A schema, which comes and goes with a tenth of the work that a database needs. */
async function temporarySchema(): Promise<string> {
  const name = `sumun_${randomBytes(6).toString('hex')}`
  await onCluster(`CREATE SCHEMA ${name}`)
  const url = new URL(clusterUrl as string)
  url.searchParams.set('options', `-c search_path=${name}`)
  return url.href
}

async function onCluster(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export const sqlite: StoreEngine = {
  name: 'sqlite',
  skip: false,
  prepare: async () => ({ SUMUN_DATA: temporaryFolder() }),
}

export const postgres: StoreEngine = {
  name: 'postgres',
  skip: clusterUrl === undefined ? reason : false,
  prepare: async () => ({ SUMUN_DATA: temporaryFolder(), SUMUN_DATABASE_URL: await temporarySchema() }),
}

/** Whatever touches the store is tested on each. */
export const engines: readonly StoreEngine[] = [sqlite, postgres]
