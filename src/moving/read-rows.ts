import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ExportedOrganisation } from '../domain/account-export.ts'
import type { ImportSource, OpenImportFile } from '../domain/import-source.ts'
import type { ImportRow } from '../domain/imported-account.ts'
import type { Encoding } from './format/open-text.ts'
import { openFile } from './open-file.ts'

/** What the second file said, by the keys of its source. */
export interface Beside {
  get(key: string): string | undefined
  add(key: string, value: string): void
}

/** Reads the second file whole into `beside`. Returns how many of its records said something. */
export async function readBeside(
  path: string,
  { source, encoding, beside }: { source: ImportSource; encoding: Encoding | null; beside: Beside },
): Promise<number> {
  const { rows } = await openFile(path, { encoding, sources: [source] })
  let found = 0
  for await (const row of rows) {
    const said = 'record' in row ? source.side?.(row.record) : undefined
    if (!said) continue
    beside.add(said.key, said.value)
    found++
  }
  return found
}

/** The rows of an open file as its system means them. */
export async function* readRows(
  open: OpenImportFile,
  {
    source,
    secret,
    beside,
    now,
  }: { source: ImportSource; secret: string | null; beside: Beside; now: number },
): AsyncGenerator<ImportRow> {
  const context = { format: open.format, secret, now, beside: (key: string) => beside.get(key) }
  for await (const row of open.rows) {
    const { line } = row
    if (!('record' in row)) {
      yield { line, skip: 'malformed_record', sourceId: null }
      continue
    }
    const made =
      typeof row.record === 'object' && row.record !== null ? source.map(row.record, context) : undefined
    if (made) yield 'skip' in made ? { line, ...made } : { line, account: made }
  }
}

/** The organisations at the beginning of a file of our own. */
export async function readOrganisations(
  open: OpenImportFile,
  organisationOf: NonNullable<ImportSource['organisationOf']>,
): Promise<ExportedOrganisation[]> {
  const found: ExportedOrganisation[] = []
  for await (const row of open.rows) {
    if (!('record' in row) || 'account' in row.record) break
    const organisation = organisationOf(row.record)
    if (organisation) found.push(organisation)
  }
  return found
}

/** SHA-256 of files and of what else decides what an import does. */
export async function fingerprintOf(paths: readonly string[], options: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options))
  for (const path of paths) for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
