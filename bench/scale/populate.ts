import { randomBytes } from 'node:crypto'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { MasterKey } from '../../src/crypto/master-key.ts'
import type { ChainedEvent, EventKind } from '../../src/domain/event.ts'
import { newAccountId, newAttemptId, newCredentialId, newEventId, newSessionId } from '../../src/domain/id.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { createChainCodes } from '../../src/engine/audit/hash-chain.ts'

type Row = Record<string, SQLInputValue>

export interface Size {
  accounts: number
  events: number
}

const yearMilliseconds = 365 * 86_400_000
const rowsPerTransaction = 50_000
const seldom = 1000 // one account in so many is disabled

/** How often each event happens with daily sign-ins. */
const kinds: readonly EventKind[] = [
  ...Array<EventKind>(60).fill('sign_in.succeeded'),
  ...Array<EventKind>(20).fill('session.ended'),
  ...Array<EventKind>(12).fill('sign_in.refused'),
  ...Array<EventKind>(4).fill('credential.added'),
  ...Array<EventKind>(3).fill('account.created'),
  'identifier.verified',
]

/**
 * Fills the SQLite file of an installation that has one account, its first session and its first events:
 * everything there is many times over, with ids and names of its own and times of the year that has passed,
 * and an audit log whose chain is whole. Rows go in without the indexes, which are made anew in the end.
 */
export function populate(
  path: string,
  masterKey: MasterKey,
  { accounts, events }: Size,
  say: (text: string) => void,
): void {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000')
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    .all() as {
    name: string
    sql: string
  }[]
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
  const template = (table: string): Row => database.prepare(`SELECT * FROM ${table} LIMIT 1`).get() as Row
  const put = inserter(database)
  const now = Date.now()
  const owners = putAccounts({ accounts, now, template, put })
  say(`${accounts} accounts`)
  putEvents({ owners, events, now, masterKey, database, put })
  say(`${events} events`)
  put.done()
  for (const { sql } of indexes) database.exec(sql)
  database.exec('ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  say('indexes')
}

type Insert = ((table: string, row: Row) => void) & { done(): void }

function inserter(database: DatabaseSync): Insert {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  let rows = 0
  database.exec('BEGIN')
  const insert = (table: string, row: Row): void => {
    const columns = Object.keys(row)
    const key = `${table} ${columns.length}`
    let statement = prepared.get(key)
    if (!statement) {
      statement = database.prepare(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      )
      prepared.set(key, statement)
    }
    statement.run(...Object.values(row))
    if (++rows % rowsPerTransaction === 0) database.exec('COMMIT; BEGIN')
  }
  return Object.assign(insert, { done: () => database.exec('COMMIT') })
}

/** Ids of one moment of the year, in order. */
function sourcesAt(now: number, done: number) {
  const at = Math.floor(now - yearMilliseconds * (1 - done))
  return { at, clock: { now: () => at }, random: systemRandom }
}

interface Making {
  now: number
  put: Insert
}

function putAccounts({
  accounts,
  now,
  template,
  put,
}: Making & { accounts: number; template(table: string): Row }): string[] {
  const [account, identifier, credential] = [
    template('account'),
    template('identifier'),
    template('credential'),
  ]
  const [session, attempt, throttle] = [template('session'), template('attempt'), template('throttle')]
  const owners: string[] = []
  for (let n = 0; n < accounts; n++) {
    const { at, ...sources } = sourcesAt(now, n / accounts)
    const id = newAccountId(sources)
    const value = `person-${String(n).padStart(7, '0')}@example.com`
    owners.push(id)
    const state = n % seldom === seldom - 1 ? 'disabled' : 'active'
    put('account', {
      ...account,
      id,
      role: 'member',
      state,
      name: `Person ${n}`,
      created_at: at,
      updated_at: at,
    })
    put('identifier', {
      ...identifier,
      kind: 'email',
      value,
      display: value,
      account_id: id,
      verified_at: at,
      created_at: at,
    })
    put('credential', {
      ...credential,
      id: newCredentialId(sources),
      lookup: credential.lookup === null ? null : id,
      account_id: id,
      created_at: at,
    })
    const used = { created_at: now - 86_400_000, refreshed_at: now - 7_200_000, used_at: now - 7_200_000 }
    put('session', { ...session, ...used, id: newSessionId(sources), account_id: id })
    put('attempt', { ...attempt, id: newAttemptId(sources), account_id: id, created_at: now - 86_400_000 })
    put('throttle', { ...throttle, key: `bench ${id}`, proved_at: now, updated_at: now })
  }
  return owners
}

function putEvents(
  given: Making & { owners: readonly string[]; events: number; masterKey: MasterKey; database: DatabaseSync },
): void {
  const { owners, events, now, masterKey, database, put } = given
  const codes = createChainCodes(masterKey)
  // The chain of the installation begins anew, with the oldest of the new lines.
  database.exec(
    "DELETE FROM event; DELETE FROM audit_head; INSERT INTO audit_head (name, seq, chain) VALUES ('events', 0, '')",
  )
  let chain = ''
  for (let seq = 1; seq <= events; seq++) {
    const { at, ...sources } = sourcesAt(now, seq / (events + 1))
    const owner = owners[Math.floor(Math.random() * owners.length)] as string
    const details = { method: 'password', source: '203.0.113.9' }
    const detailsSalt = randomBytes(16).toString('base64url')
    const line: Omit<ChainedEvent, 'mac' | 'chain'> = {
      ...{ id: newEventId(sources), at, actor: owner, subject: owner, details, detailsSalt, seq },
      kind: kinds[seq % kinds.length] as EventKind,
      outcome: 'success',
      detailsHash: codes.details(detailsSalt, details),
    }
    const mac = codes.written(line)
    chain = codes.line(chain, seq, { ...line, mac, chain: null })
    const { detailsHash, ...plain } = line
    put('event', columnsOf({ ...plain, details: JSON.stringify(details), detailsHash, mac, chain }))
  }
  database.prepare('UPDATE audit_head SET seq = ?, chain = ?').run(events, chain)
}

const columnsOf = ({
  detailsSalt,
  detailsHash,
  ...rest
}: { detailsSalt: string; detailsHash: string } & Row): Row => ({
  ...rest,
  details_salt: detailsSalt,
  details_hash: detailsHash,
})
