import { newConnectionId } from '../../src/domain/id.ts'
import { addConnection } from '../../src/engine/connections/connections.ts'
import type { Installation } from '../../src/installation.ts'
import { alternately } from '../load.ts'
import { startEmpty, withEngine } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const [many, starts, clients, goalMilliseconds] = [10_000, 5, 16, 3]

/** What a great many connections cost the first page, and the start. */
export async function connectionRows({ seconds }: RunOptions): Promise<Row[]> {
  const ours = await startEmpty()
  try {
    await withEngine(ours, fill)
    const { page } = await alternately({ page: { url: `${ours.url}/signin`, seconds, connections: clients } })
    const [withMany, withNone]: [number[], number[]] = [[], []]
    for (let start = 0; start < starts; start++) {
      withNone.push(await startTime({}))
      withMany.push(await startTime({ SUMUN_DATA: ours.environment.SUMUN_DATA as string }))
    }
    return [
      {
        what: `GET /signin with ${many.toLocaleString('en')} connections: server time`,
        unit: ' ms',
        ours: 1000 / page.perSecond,
        beside: 'the goal',
        theirs: goalMilliseconds,
        goal: 1,
        lowerIsBetter: true,
        errors: page.errors,
      },
      {
        what: `ready after start with ${many.toLocaleString('en')} connections`,
        unit: ' ms',
        ours: median(withMany),
        beside: 'with none',
        theirs: median(withNone),
        goal: 1.1,
        lowerIsBetter: true,
        errors: 0,
      },
    ]
  } finally {
    await ours.stop()
  }
}

async function fill({ engine }: Installation): Promise<void> {
  const first = await addConnection(engine, {
    ...{ preset: 'google', slug: 'first', clientId: 'bench', secret: 'bench', actor: 'bench' },
  })
  await engine.store.transaction(async (tx) => {
    for (let index = 1; index < many; index++)
      await tx.connections.insert({ ...first, id: newConnectionId(engine), slug: `c${index}` })
  })
  engine.offeredConnections.forget()
}

async function startTime(settings: Record<string, string>): Promise<number> {
  const startedAt = performance.now()
  const peer = await startEmpty(settings)
  const took = performance.now() - startedAt
  await peer.stop()
  return took
}
