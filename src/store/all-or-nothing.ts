import type { Aggregates, Store } from './store.ts'

const undone = new Error('undone')

/** A transaction for what may turn out to be too late: where `work` says false, all that it wrote is undone. Returns what it said. */
export async function allOrNothing(store: Pick<Store, 'transaction'>, work: (tx: Aggregates) => Promise<boolean>): Promise<boolean> {
  try {
    await store.transaction(async (tx) => {
      if (!(await work(tx))) throw undone
    })
    return true
  } catch (error) {
    if (error !== undone) throw error
    return false
  }
}
