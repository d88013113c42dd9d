import { createHash, createHmac } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { finished, pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { equalSecrets } from '../../crypto/equal.ts'
import type { MasterKey } from '../../crypto/master-key.ts'
import { createRestorer, dumpRows, hasAccounts, withoutIndexes } from '../../store/backup-rows.ts'
import type { Row } from '../../store/bulk-insert.ts'
import type { Database } from '../../store/database.ts'
import { type AppliedMigration, listApplied } from '../../store/migrate.ts'
import { openStoreOn } from '../../store/open-store.ts'
import { revocationExpiresAt } from '../sessions/revoke.ts'
import type { OperationsNeeds } from './needs.ts'
import { createRekeying } from './rekey.ts'

const format = 1
const rowsPerReport = 5_000
const rowBeginning = '{"table":'
const pieceLength = 64 * 1024 // of text that is compressed at once

/** Called now and then with how many rows are done. */
export type Progress = (rows: number) => void

/** The file cannot be restored here; the message says why. */
export class BackupFault extends Error {}

interface Parts {
  engine: OperationsNeeds
  database: Database
  masterKey: MasterKey
}

/**
 * One file with everything, as of one moment, while the server continues: gzip over one JSON line a row, the
 * same for both engines. Secrets in it stay sealed; the master key is not in it and must be kept beside it.
 * Returns how many rows.
 */
export async function writeBackup(
  { engine, database, masterKey }: Parts,
  path: string,
  progress: Progress = () => undefined,
): Promise<{ rows: number }> {
  const draft = `${path}.part`
  const file = await open(draft, 'w', 0o600)
  try {
    const zip = createGzip()
    const written = pipeline(zip, file.createWriteStream({ flush: true }))
    const digest = createHash('sha256')
    let piece = ''
    const writePiece = async (): Promise<void> => {
      digest.update(piece)
      const isFull = !zip.write(piece)
      piece = ''
      if (isFull) await new Promise((resolve) => zip.once('drain', resolve))
    }
    const write = (line: unknown): Promise<void> | undefined => {
      piece += `${JSON.stringify(line)}\n`
      return piece.length >= pieceLength ? writePiece() : undefined
    }
    await write({
      sumun_backup: format,
      created_at: new Date(engine.clock.now()).toISOString(),
      engine: database.engine,
    })
    let done = 0
    const { rows, migrations } = await dumpRows(database, (line) => {
      if (++done % rowsPerReport === 0) progress(done)
      return write(line)
    })
    await write({ migrations: migrations.map(({ id, checksum }) => ({ id, checksum })) })
    await writePiece()
    zip.end(`${JSON.stringify({ end: rows, code: codeOf(masterKey, digest.digest('hex')) })}\n`)
    await written
    await finished(zip)
    await rename(draft, path)
    return { rows }
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
}

/**
 * Reads it through, and throws BackupFault where it is damaged, cut off, or sealed with another key than
 * this.
 */
export async function checkBackup(masterKey: MasterKey, path: string): Promise<void> {
  await readBackup(path, masterKey, null)
}

/**
 * Restores a backup into an empty installation, atomically. All sessions end: restored ones would accept
 * refresh tokens that were used since. `oldKey`: the key of the backup, if everything is to be sealed with
 * this installation's key instead. Throws BackupFault.
 */
export async function restoreBackup(
  { engine, database, masterKey }: Parts,
  {
    path,
    oldKey = null,
    progress = () => undefined,
  }: { path: string; oldKey?: MasterKey | null; progress?: Progress },
): Promise<{ rows: number }> {
  if (await hasAccounts(database))
    throw new BackupFault('there are accounts here already; restore into an empty data folder or database')
  const restored = await database.unhurried(async (tx) => {
    const restorer = createRestorer(tx)
    const rekeying = oldKey && createRekeying({ from: oldKey, to: masterKey, random: engine.random })
    await restorer.clear()
    const { rows, migrations } = await withoutIndexes(tx, database.engine, async () => {
      const read = await readBackup(path, oldKey ?? masterKey, (line, done) => {
        if (done % rowsPerReport === 0) progress(done)
        const kept = rekeying ? rekeying.translate(line) : line
        return kept && restorer.put(kept)
      })
      for (const line of rekeying?.rest() ?? []) await restorer.put(line)
      await restorer.flush()
      return read
    })
    refuseOtherSchema(migrations, await tx.rows<AppliedMigration>(listApplied))
    const store = openStoreOn(tx, database.engine)
    const now = engine.clock.now()
    const lastGood = revocationExpiresAt(engine)
    // a key's session issues tokens for twice their lifetime without rotation
    const refreshedSince = now - 3 * (lastGood - now)
    await store.sessions.endEverybody({
      ending: 'restored',
      refreshedSince,
      now,
      revocationExpiresAt: lastGood,
    })
    await engine.audit.record(store, {
      kind: 'backup.restored',
      actor: 'cli',
      subject: null,
      details: { rows },
    })
    return { rows }
  })
  await engine.audit.forgetAnchor()
  return restored
}

interface Line {
  sumun_backup?: number
  table?: string
  row?: Row
  migrations?: { id: number; checksum: string }[]
  end?: number
  code?: string
}

async function readBackup(
  path: string,
  masterKey: MasterKey,
  put: ((line: { table: string; row: Row }, done: number) => Promise<void> | undefined) | null,
): Promise<{ rows: number; migrations: NonNullable<Line['migrations']> }> {
  const digest = createHash('sha256')
  let rows = 0
  let migrations: NonNullable<Line['migrations']> = []
  let last: Line = {}
  for await (const texts of linesOf(path))
    for (const text of texts) {
      if (last.end !== undefined) throw new BackupFault(`${path} continues after its end`)
      if (text.startsWith(rowBeginning)) {
        digest.update(`${text}\n`)
        rows++
        if (!put) continue
        const { table = '', row = {} } = parseLine(text)
        const putting = put({ table, row }, rows)
        if (putting) await putting
        continue
      }
      last = parseLine(text)
      if (last.end !== undefined) continue
      digest.update(`${text}\n`)
      if (last.sumun_backup !== undefined && last.sumun_backup !== format)
        throw new BackupFault(`${path} is of format ${last.sumun_backup}; this version reads ${format}`)
      if (last.migrations) migrations = last.migrations
    }
  if (last.end === undefined) throw new BackupFault(`${path} is cut off`)
  if (last.end !== rows || !equalSecrets(last.code ?? '', codeOf(masterKey, digest.digest('hex')))) {
    throw new BackupFault(
      `${path} was changed, or made with another master key; give the one it was made with`,
    )
  }
  return { rows, migrations }
}

/** As many lines at once as were read: a backup of a million accounts has many millions. */
async function* linesOf(path: string): AsyncGenerator<string[]> {
  const unzipped = createReadStream(path)
    .on('error', (error) => unzipped.destroy(error))
    .pipe(createGunzip())
  try {
    let rest = ''
    for await (const piece of unzipped.setEncoding('utf8')) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() as string
      yield lines
    }
    if (rest !== '') yield [rest]
  } catch (error) {
    throw new BackupFault(`${path} cannot be read (${(error as Error).message})`)
  }
}

function parseLine(text: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch {
    throw new BackupFault('the backup holds a line that is not JSON')
  }
}

const codeOf = (masterKey: MasterKey, digest: string): string =>
  createHmac('sha256', masterKey.for('backup')).update(digest).digest('base64url')

function refuseOtherSchema(
  then: readonly { id: number; checksum: string }[],
  now: readonly AppliedMigration[],
): void {
  const same =
    then.length === now.length &&
    then.every(({ id, checksum }, index) => now[index]?.id === id && now[index]?.checksum === checksum)
  if (!same)
    throw new BackupFault(
      'the backup was made by another version; restore it with that version, then upgrade',
    )
}
