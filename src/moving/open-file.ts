import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ImportFormat, ImportSource, OpenImportFile } from '../domain/import-source.ts'
import { Problem } from '../domain/problem.ts'
import { copyRecords } from './format/copy-records.ts'
import { csvRecords } from './format/csv-records.ts'
import { jsonRecords } from './format/json-records.ts'
import { ldifRecords } from './format/ldif-records.ts'
import { type Encoding, encodingOf, isSqlite, openText, sampleOf } from './format/open-text.ts'
import type { RecordRow } from './format/record-row.ts'
import { sqliteRecords } from './format/sqlite-records.ts'

const recordsTried = 50

/** What a file is by how it begins. */
function formatOf(sample: Buffer, encoding: Encoding): ImportFormat {
  if (isSqlite(sample)) return 'sqlite'
  const text = new TextDecoder(encoding).decode(sample).trimStart()
  if (/^[[{]/.test(text)) return 'json'
  if (/^(#.*\r?\n|\s*\r?\n)*(version: *\d+\s|dn::? )/.test(text)) return 'ldif'
  return /^(COPY |--|SET |\\restrict)/m.test(text) ? 'copy' : 'csv'
}

/** Opens a file anew. `sources`: those whose files without a header are read. Throws `invalid_fields`. */
export async function openFile(
  path: string,
  { encoding: given, sources }: { encoding: Encoding | null; sources: readonly ImportSource[] },
): Promise<OpenImportFile> {
  const sample = await sampleOf(path)
  const size = statSync(path).size
  if (isSqlite(sample)) {
    let rows = 0
    return {
      format: 'sqlite',
      progress: () => ({ bytes: Math.min(rows * 200, size), of: size }),
      rows: sqliteRecords(path, () => void rows++),
    }
  }
  const encoding = encodingOf(sample, given)
  const format = formatOf(sample, encoding)
  const { text, bytesRead } = openText(path, encoding)
  const columnsOf = (fields: readonly string[]) =>
    sources.map((source) => source.columnsOf?.(fields)).find((columns) => columns !== undefined)
  const rows: AsyncIterable<RecordRow> =
    format === 'json'
      ? jsonRecords(text)
      : format === 'ldif'
        ? ldifRecords(text)
        : format === 'copy'
          ? copyRecords(text)
          : csvRecords(text, columnsOf)
  return { format, progress: () => ({ bytes: bytesRead(), of: size }), rows }
}

const tailBytes = 4096

/** The end of a file. */
export async function tailOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(tailBytes),
      0,
      tailBytes,
      Math.max(0, size - tailBytes),
    )
    return buffer.subarray(0, bytesRead).toString()
  } finally {
    await file.close()
  }
}

/**
 * The system that a file is from, by the keys of its first records. Throws `invalid_fields` if none is known.
 */
export async function detectSource(
  { format, rows }: OpenImportFile,
  sources: readonly ImportSource[],
): Promise<ImportSource> {
  const fitting = sources.filter(({ formats }) => formats.includes(format))
  let tried = 0
  let keys: string[] = []
  for await (const row of rows) {
    if (!('record' in row)) continue
    const { record } = row
    const found = fitting.find((source) => source.recognises(record, format))
    if (found) return found
    keys = Object.keys(record).slice(0, 12)
    if (++tried === recordsTried) break
  }
  throw new Problem('invalid_fields', {
    detail:
      tried === 0
        ? 'There are no users in this file'
        : `It is not known which system this file is from (it has ${keys.join(', ').slice(0, 200)}); name it with --from`,
  })
}
