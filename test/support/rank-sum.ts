/**
 * Mann–Whitney: how many standard deviations the ranks of two samples of one size lie apart. Beyond 4
 * an observer could tell them apart.
 */
export function rankSum(first: readonly number[], second: readonly number[]): number {
  const count = first.length
  const ranked = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((a, b) => a.value - b.value)
  const sum = ranked.reduce((total, { isFirst }, index) => (isFirst ? total + index + 1 : total), 0)
  const mean = (count * (2 * count + 1)) / 2
  return (sum - mean) / Math.sqrt((count * count * (2 * count + 1)) / 12)
}
