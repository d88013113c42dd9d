const undone = new Error('undone')

/** A transaction that is rolled back if `work` returns false. Returns what `work` returned. */
export async function allOrNothing<Transaction>(
  store: { transaction(work: (tx: Transaction) => Promise<void>): Promise<void> },
  work: (tx: Transaction) => Promise<boolean>,
): Promise<boolean> {
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
