import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { ImportCounts, ImportLine } from '../../domain/import-report.ts'
import { refusal } from '../command.ts'
import { htmlReport, type ReportHead } from './html.ts'
import { skipWords, warningWords } from './words.ts'

/** How many lines a page shows one by one. */
const linesOnPageMax = 2_000

/** A report that is written while the rows go by. */
export interface ReportWriter {
  take(lines: readonly ImportLine[]): Promise<void>
  end(counts: ImportCounts): Promise<void>
}

const columns = [
  'line',
  'id',
  'identifier',
  'outcome',
  'reason',
  'about',
  'warnings',
  'hash',
  'policy',
] as const

/** By the ending of the name: `.csv`, `.jsonl` or `.html`. Throws `invalid_fields` for another one. */
export function createReportWriter(path: string, head: ReportHead): ReportWriter {
  const ending = /\.(csv|jsonl|html)$/.exec(path)?.[1]
  if (ending === undefined) throw refusal('report', 'takes the name of a .csv, .jsonl or .html file')
  const out = createWriteStream(path, { flags: 'w', mode: 0o600 })
  if (ending === 'html') return pageWriter(out, head)
  const write = (text: string) => (out.write(text) ? undefined : once(out, 'drain'))
  if (ending === 'csv') write(`\ufeff${columns.join(',')}\r\n`)
  return {
    async take(lines) {
      const text = ending === 'csv' ? lines.map(csvLine) : lines.map((line) => `${JSON.stringify(line)}\n`)
      await write(text.join(''))
    },
    end: () => finish(out),
  }
}

function pageWriter(out: WriteStream, head: ReportHead): ReportWriter {
  const shown: ImportLine[] = []
  return {
    async take(lines) {
      for (const line of lines)
        if (shown.length < linesOnPageMax && (line.outcome === 'skipped' || line.warnings.length > 0))
          shown.push(line)
    },
    async end(counts) {
      out.write(htmlReport(head, counts, shown))
      await finish(out)
    },
  }
}

function finish(out: WriteStream): Promise<void> {
  return new Promise((resolve, reject) => {
    out.once('error', reject)
    out.end(resolve)
  })
}

const csvLine = ({
  line,
  sourceId,
  identifier,
  outcome,
  reason,
  about,
  warnings,
  hash,
  outlook,
}: ImportLine): string =>
  `${[
    ...[String(line), sourceId, identifier, outcome, reason && skipWords[reason], about],
    warnings.map((warning) => warningWords[warning]).join('; '),
    hash,
    outlook ?? null,
  ]
    .map(cell)
    .join(',')}\r\n`

/** A cell that begins like a formula is text (CWE-1236). */
function cell(value: string | null): string {
  const text = value === null ? '' : /^[=@\t\r]|^[+-](?!\d+$)/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
