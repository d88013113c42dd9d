import type { OrganisationId } from '../../domain/id.ts'

const keptMilliseconds = 60_000
const organisationsMax = 1_000
const placesMax = 10_000
/** Shorter ones are counted, and read from their beginning, at each call. */
const longFrom = 10_000

/**
 * What is remembered of long lists, which directories read page by page: how long they are, and where a page
 * ended. The next page continues there, so that nothing is passed over if users before it were removed.
 */
export interface LongLists {
  /** A long list may have changed within the last minute. */
  count(organisationId: OrganisationId, read: () => Promise<number>): Promise<number>
  /** The id after which a place begins; undefined if that is not known. */
  before(organisationId: OrganisationId, offset: number): string | undefined
  note(page: { organisationId: OrganisationId; end: number; lastId: string }): void
}

export function createLongLists(): LongLists {
  const counts = new Map<string, { at: number; count: number }>()
  const places = new Map<string, { at: number; lastId: string }>()
  const isFresh = (entry: { at: number } | undefined): boolean =>
    entry !== undefined && performance.now() - entry.at < keptMilliseconds

  return {
    async count(organisationId, read) {
      const known = counts.get(organisationId)
      if (known && isFresh(known)) return known.count
      const [at, count] = [performance.now(), await read()]
      counts.delete(organisationId)
      if (counts.size >= organisationsMax) counts.clear()
      if (count >= longFrom) counts.set(organisationId, { at, count })
      return count
    },
    before(organisationId, offset) {
      const known = places.get(`${organisationId} ${offset}`)
      return known && isFresh(known) ? known.lastId : undefined
    },
    note({ organisationId, end, lastId }) {
      if (end < longFrom) return
      const key = `${organisationId} ${end}`
      places.delete(key)
      if (places.size >= placesMax) places.clear()
      places.set(key, { at: performance.now(), lastId })
    },
  }
}
