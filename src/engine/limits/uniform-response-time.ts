import { setTimeout as wait } from 'node:timers/promises'

// Well above the time of lookups and counting, well below what a user notices.
const floorMilliseconds = 15

/**
 * Delays the answer to a fixed minimum, so that its time reveals nothing (CWE-208). Waiting uses no CPU.
 * `when`: which outcomes are delayed. `floor`: a longer minimum in milliseconds, if the work itself takes
 * longer.
 */
export async function uniformResponseTime<Result>(
  work: () => Promise<Result>,
  {
    when,
    floor = async () => floorMilliseconds,
  }: { when: 'always' | 'refused'; floor?: () => Promise<number> },
): Promise<Result> {
  const startedAt = performance.now() // on the monotonic clock: it has nothing to do with the time of day
  const rest = async () =>
    wait(Math.max(0, Math.max(floorMilliseconds, await floor()) - (performance.now() - startedAt)))
  try {
    const result = await work()
    if (when === 'always') await rest()
    return result
  } catch (error) {
    await rest()
    throw error
  }
}
