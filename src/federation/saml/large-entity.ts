import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { UpstreamFault } from '../../domain/connection.ts'
import type { WantedEntity } from './entity.ts'
import { invalid } from './invalid.ts'

const heapMegabytesMax = 1536
const millisecondsMax = 120_000

/** What the worker says. */
export type LargeEntity = { entity: string } | { fault: string }

let last: Promise<unknown> = Promise.resolve()

/**
 * The entity of a document with thousands, as XML. On a thread of its own: parsing takes seconds. One at a
 * time, since it takes a gigabyte. Throws UpstreamFault.
 */
export function largeEntity(xml: string, wanted: WantedEntity): Promise<string> {
  const turn = last.then(() => read(xml, wanted))
  last = turn.catch(() => undefined)
  return turn
}

async function read(xml: string, wanted: WantedEntity): Promise<string> {
  const file = `./entity-worker${extname(import.meta.url)}`
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { xml, wanted },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  })
  try {
    // `once` rejects if the worker fails, such as for want of memory.
    const [said] = await once(worker, 'message', { signal: AbortSignal.timeout(millisecondsMax) })
    const found = said as LargeEntity
    if ('fault' in found) throw invalid(found.fault)
    return found.entity
  } catch (error) {
    throw error instanceof UpstreamFault ? error : invalid('the metadata is too large', error)
  } finally {
    await worker.terminate()
  }
}
