import { linesOf } from './lines.ts'
import type { RecordRow } from './record-row.ts'

const begins = /^COPY (?:"?\w+"?\.)?"?(\w+)"? \(([^)]+)\) FROM stdin;$/
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/**
 * The rows of `COPY … FROM stdin` in a dump of PostgreSQL (manual, COPY, text format), with the table's name
 * as `:table`. Everything else in the dump is passed over.
 */
export async function* copyRecords(text: AsyncIterable<string>): AsyncGenerator<RecordRow> {
  let columns: readonly string[] | undefined
  let table = ''
  let line = 0
  for await (const raw of linesOf(text)) {
    line++
    if (!columns) {
      const [, name = '', list = ''] = begins.exec(raw) ?? []
      if (name === '') continue
      table = name
      columns = list.split(',').map((column) => column.trim().replaceAll('"', ''))
      continue
    }
    if (raw === '\\.') {
      columns = undefined
      continue
    }
    const fields = raw.split('\t').map(fieldOf)
    yield fields.length === columns.length
      ? {
          line,
          record: {
            ':table': table,
            ...Object.fromEntries(columns.map((name, place) => [name, fields[place]])),
          },
        }
      : { line, isMalformed: true }
  }
}

const fieldOf = (field: string): string | null =>
  field === '\\N' ? null : field.replaceAll(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)
