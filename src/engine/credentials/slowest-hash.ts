import type { Store } from '../../store/store.ts'

const factName = 'slowest-imported-hash'
const stepMilliseconds = 50
const floorMillisecondsMax = 3_000

/**
 * How long a wrong password takes to be refused where hashes of other systems are kept, each of which takes a
 * while of its own: as long as the slowest, whosever it is, and for a name that nobody has. Known to all
 * nodes.
 */
export interface SlowestHash {
  /** Told how long one of them took. */
  observe(milliseconds: number): void
  /** 0 where there are none. */
  floorMilliseconds(): Promise<number>
}

export function createSlowestHash({ facts }: Pick<Store, 'facts'>): SlowestHash {
  let known = 0
  let pending: Promise<void> = Promise.resolve()

  return {
    observe(milliseconds) {
      // Half as much again: a busy machine takes longer.
      const floor = Math.min(
        floorMillisecondsMax,
        Math.ceil((milliseconds * 1.5) / stepMilliseconds) * stepMilliseconds,
      )
      if (floor <= known) return
      known = floor
      pending = pending.then(() => facts.raise(factName, floor)).catch(() => undefined)
    },
    async floorMilliseconds() {
      await pending
      known = Math.max(known, Number((await facts.find(factName)) ?? 0))
      return known
    },
  }
}
