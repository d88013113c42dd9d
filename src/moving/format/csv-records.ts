import { Readable } from 'node:stream'
import { type Info, parse } from 'csv-parse'
import { Problem } from '../../domain/problem.ts'
import type { RecordRow } from './record-row.ts'

const recordLengthMax = 1024 * 1024
const columnsMax = 500
const headerLengthMax = 64 * 1024

/** The names of columns where there is no header; undefined if the line is one. */
export type ColumnsOf = (fields: readonly string[]) => readonly string[] | undefined

/**
 * The records of a CSV (RFC 4180), also with semicolons or tabs, under the names of its header. Lines with
 * another number of fields are malformed. Throws `invalid_fields` on a header with the same name twice.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  columnsOf: ColumnsOf,
): AsyncGenerator<RecordRow> {
  const rows = text[Symbol.asyncIterator]()
  const first = await rows.next()
  const beginning: string = first.done ? '' : first.value
  const malformed: number[] = []
  const parser = parse({
    ...{ bom: true, info: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true },
    delimiter: delimiterOf(beginning.slice(0, headerLengthMax)),
    max_record_size: recordLengthMax,
    skip_records_with_error: true,
    on_skip: (error) => void malformed.push(Number(error?.lines ?? 0)),
  })
  Readable.from(rest(beginning, rows))
    .on('error', (error) => parser.destroy(error))
    .pipe(parser)
  let columns: readonly string[] | undefined
  let beginsAt = 1
  for await (const { record: fields, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    for (const line of malformed.splice(0)) yield { line, isMalformed: true }
    const line = beginsAt
    beginsAt = info.lines + 1
    if (!columns) {
      const given = columnsOf(fields)
      columns = given ?? headerOf(fields)
      if (!given) continue
    }
    yield fields.length === columns.length
      ? { line, record: Object.fromEntries(columns.map((name, place) => [name, fields[place]])) }
      : { line, isMalformed: true }
  }
  for (const line of malformed) yield { line, isMalformed: true }
}

async function* rest(beginning: string, rows: AsyncIterator<string>): AsyncGenerator<string> {
  yield beginning
  for (let next = await rows.next(); !next.done; next = await rows.next()) yield next.value
}

/** Which of comma, semicolon and tab the first line has most of, outside of quotes. */
function delimiterOf(text: string): string {
  const line = (/^(?:"(?:[^"]|"")*"|[^"\n])*/.exec(text)?.[0] ?? '').replaceAll(/"(?:[^"]|"")*"/g, '')
  const count = (mark: string): number => line.split(mark).length
  return [',', ';', '\t'].reduce((most, mark) => (count(mark) > count(most) ? mark : most))
}

function headerOf(fields: readonly string[]): readonly string[] {
  const names = fields.map((field) => field.trim())
  const twice = names.find((name, place) => name !== '' && names.indexOf(name) !== place)
  if (twice !== undefined || names.length > columnsMax)
    throw new Problem('invalid_fields', {
      detail:
        twice === undefined
          ? 'The header has too many columns'
          : `The header has ${twice.slice(0, 60)} twice`,
    })
  return names
}
