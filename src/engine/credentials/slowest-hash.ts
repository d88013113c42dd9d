import type { Store } from '../../store/store.ts'

const factName = 'slowest-imported-hash'
const stepMilliseconds = 50
const floorMillisecondsMax = 3_000

/**
 * The time a wrong password takes once hashes of other systems are stored, each with its own cost: as long as
 * the slowest one, for every name, known or not. Shared by all nodes.
 */
export interface SlowestHash {
  /** Told how long one of them took. */
  observe(milliseconds: number): void
  /** 0 where there are none. */
  floorMilliseconds(): Promise<number>
}

export function createSlowestHash({ installation }: Pick<Store, 'installation'>): SlowestHash {
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
      pending = pending.then(() => installation.raise(factName, floor)).catch(() => undefined)
    },
    async floorMilliseconds() {
      await pending
      known = Math.max(known, Number((await installation.find(factName)) ?? 0))
      return known
    },
  }
}
