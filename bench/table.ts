export interface RunOptions {
  /** Of each measurement. */
  seconds: number
  /** For scripts and lists; goes away afterwards. */
  folder: string
  /** Something that was left out, and why. */
  note(text: string): void
}

export interface Row {
  what: string
  unit: string
  ours: number
  beside: string
  theirs: number
  /** What ours divided by theirs should reach, or stay under; null if there is no goal. */
  goal: number | null
  lowerIsBetter?: boolean
  errors: number
}

/** Of measurements by turns. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

const rounded = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1)

function verdict({ ours, theirs, goal, lowerIsBetter }: Row): string {
  if (goal === null) return '–'
  const ratio = ours / theirs
  return `${lowerIsBetter ? '≤' : '≥'} ${goal.toFixed(2)} ${(lowerIsBetter ? ratio <= goal : ratio >= goal) ? '✓' : '✗'}`
}

/** Ours, theirs, and the ratio, which is what another machine can be compared by. */
export function toMarkdown(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const errors = row.errors > 0 ? ` (${row.errors} errors)` : ''
    return `| ${row.what} | ${rounded(row.ours)}${row.unit}${errors} | ${row.beside}: ${rounded(row.theirs)}${row.unit} | ${(row.ours / row.theirs).toFixed(2)} | ${verdict(row)} |`
  })
  return [
    '| what | Sumun | beside it, in the same run | ratio | goal |',
    '| --- | ---: | ---: | ---: | --- |',
    ...lines,
  ].join('\n')
}
