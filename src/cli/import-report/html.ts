import { colours, fonts, radius, space } from '../../domain/design.ts'
import { escapeHtml } from '../../domain/html-escape.ts'
import type { ImportCounts, ImportLine } from '../../domain/import-report.ts'
import { outlookWords, skipWords, warningWords } from './words.ts'

export interface ReportHead {
  file: string
  source: string
  isDryRun: boolean
}

const mode = (of: keyof typeof colours): string =>
  Object.entries(colours[of])
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

const style = `
:root{color-scheme:light dark;${mode('light')}}
@media (prefers-color-scheme:dark){:root{${mode('dark')}}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 ${fonts.text}}
main{max-width:60rem;margin:0 auto;padding:${space.xl}px ${space.l}px}
section{background:var(--card);border-radius:${radius.card}px;padding:${space.l}px ${space.xl}px;margin:${space.l}px 0;overflow-x:auto}
h1{font-size:24px}h2{font-size:20px;margin:0 0 ${space.m}px}
p.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;padding:${space.xs}px ${space.m}px ${space.xs}px 0;vertical-align:top}
tbody tr{border-top:1px solid var(--rule)}
td.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
table.plot{table-layout:fixed}.plot th{width:50%;font-weight:400}.plot td.number{width:5rem}
svg{display:block;width:100%;height:14px;margin-top:5px}
rect{fill:var(--accent)}rect.back{fill:var(--rule)}
`

/** One page that needs nothing else: what becomes of the rows, in plots and line by line. */
export function htmlReport(head: ReportHead, counts: ImportCounts, lines: readonly ImportLine[]): string {
  const { rows } = counts
  const title = `${head.isDryRun ? 'What would be imported' : 'What was imported'} from ${head.file}`
  const named = <Key extends string>(given: Partial<Record<Key, number>>, words: Record<Key, string>) =>
    Object.entries<number | undefined>(given).map(([key, value]): [string, number] => [
      words[key as Key] ?? key,
      value ?? 0,
    ])
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p class="soft">${escapeHtml(head.source)}, ${rows.toLocaleString('en')} rows</p>
${plot(
  'Outcome',
  [
    ['New accounts', counts.new],
    ['Added to accounts that are there', counts.joined],
    ['Skipped', counts.skipped],
  ],
  rows,
)}
${plot('Skipped because the row', named(counts.reasons, skipWords), rows)}
${plot('Imported, but', named(counts.warnings, warningWords), rows)}
${plot('Under the policy, new accounts', named(counts.outlooks ?? {}, outlookWords), counts.new)}
${plot('Password hashes', Object.entries(counts.hashes), rows)}
${linesTable(lines, counts)}
</main></body></html>
`
}

function plot(title: string, bars: readonly [string, number][], of: number): string {
  if (bars.length === 0) return ''
  const sorted = title === 'Outcome' ? bars : bars.toSorted(([, a], [, b]) => b - a)
  const rows = sorted.map(([label, value]) => {
    const width = of === 0 ? 0 : Math.max(value > 0 ? 0.5 : 0, (value / of) * 100)
    return `<tr><th scope="row">${escapeHtml(label)}</th><td class="number">${value.toLocaleString('en')}</td><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="back" width="100" height="10"/><rect width="${width.toFixed(2)}" height="10"/></svg></td></tr>`
  })
  return `<section><h2>${escapeHtml(title)}</h2><table class="plot"><tbody>${rows.join('')}</tbody></table></section>`
}

function linesTable(lines: readonly ImportLine[], { skipped }: ImportCounts): string {
  if (lines.length === 0) return ''
  const said = ({ reason, about, warnings }: ImportLine): string =>
    [
      reason === null
        ? ''
        : `skipped: ${skipWords[reason]}${about === null ? '' : ` (${reason === 'same_as_earlier_line' ? `line ${about}` : about})`}`,
      ...warnings.map((warning) => warningWords[warning]),
    ]
      .filter((text) => text !== '')
      .join('; ')
  const rows = lines.map(
    (line) =>
      `<tr><td class="number">${line.line}</td><td>${escapeHtml(line.identifier ?? line.sourceId ?? '')}</td><td>${escapeHtml(said(line))}</td></tr>`,
  )
  const note =
    lines.length < skipped
      ? `<p class="soft">The first ${lines.length}; a .csv report has all of them.</p>`
      : ''
  return `<section><h2>Lines to look at</h2>${note}<table><thead><tr><th scope="col">Line</th><th scope="col">Who</th><th scope="col">What</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}
