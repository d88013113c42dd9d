import { parentPort, workerData } from 'node:worker_threads'
import { entityIn, type WantedEntity } from './entity.ts'
import type { LargeEntity } from './large-entity.ts'

const { xml, wanted } = workerData as { xml: string; wanted: WantedEntity }
const say = (said: LargeEntity): void => parentPort?.postMessage(said)

void entityIn(xml, wanted).then(
  (entity) => say({ entity: entity.toString() }),
  (error: Error) => say({ fault: error.message }),
)
