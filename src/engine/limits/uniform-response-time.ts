import { setTimeout as wait } from 'node:timers/promises'

// Well above what finding and counting take, well below what anybody notices.
const floorMilliseconds = 15

/**
 * Answers a stranger no sooner than after a fixed while, so that what was found on the way does not show in
 * how long it took. Waiting costs no work. `when`: which outcomes could say something. `floor`: how long, in
 * milliseconds, where the work itself may take longer than the usual while.
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
