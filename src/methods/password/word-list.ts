/**
 * FNV-1a over UTF-16, twice with other beginnings: 53 bits, so that of fifty thousand words none is taken for
 * another.
 */
function hashOf(word: string): number {
  let [high, low] = [0x811c9dc5, 0x9747b28c]
  for (let index = 0; index < word.length; index++) {
    const unit = word.charCodeAt(index)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x01000193) ^ (low >>> 15)
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}

/** Whether a word is one of many: half a megabyte instead of the six that a set of them takes. */
export function createWordList(lists: readonly (readonly string[])[]): (word: string) => boolean {
  const hashes = new Float64Array(lists.reduce((count, list) => count + list.length, 0))
  let count = 0
  for (const list of lists) for (const word of list) hashes[count++] = hashOf(word)
  hashes.sort()
  return (word) => {
    const wanted = hashOf(word)
    let [from, to] = [0, hashes.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((hashes[middle] as number) < wanted) from = middle + 1
      else to = middle
    }
    return hashes[from] === wanted
  }
}
