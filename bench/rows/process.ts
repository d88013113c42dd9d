import { drive, residentMegabytes, startPeer } from '../load.ts'
import { account, startEmpty, startOurs } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'
import { signInScript } from './sign-in.ts'

const starts = 5

/** How soon it answers, and what it weighs at rest and after every kind of load. */
export async function processRows({ seconds }: RunOptions): Promise<Row[]> {
  const times: number[] = []
  for (let start = 0; start < starts; start++) {
    const startedAt = performance.now()
    const peer = await startEmpty()
    times.push(performance.now() - startedAt)
    await peer.stop()
  }
  const [bareStart, bareMemory] = await bareNode()
  const idle = await startEmpty()
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const atRest = residentMegabytes(idle.pid)
  await idle.stop()
  const ours = await startOurs()
  await drive({
    url: `${ours.url}/protected`,
    seconds,
    connections: 64,
    headers: { authorization: `Bearer ${ours.accessToken}` },
  })
  await drive({
    url: `${ours.url}/login`,
    seconds,
    connections: 32,
    script: signInScript(JSON.stringify({ username: account.email, password: account.password })),
  })
  const underLoad = residentMegabytes(ours.pid)
  await ours.stop()
  return [
    {
      what: 'ready after start',
      unit: ' ms',
      ours: median(times),
      beside: 'node:http listening, nothing else',
      theirs: bareStart,
      goal: null,
      lowerIsBetter: true,
      errors: 0,
    },
    {
      what: 'memory at rest',
      unit: ' MB',
      ours: atRest,
      beside: 'node:http listening, nothing else',
      theirs: bareMemory,
      goal: null,
      lowerIsBetter: true,
      errors: 0,
    },
    {
      what: 'memory under load',
      unit: ' MB',
      ours: underLoad,
      beside: 'the goal',
      theirs: 200,
      goal: 1,
      lowerIsBetter: true,
      errors: 0,
    },
  ]
}

async function bareNode(): Promise<[number, number]> {
  const startedAt = performance.now()
  const bare = await startPeer(process.execPath, ['bench/limits/node-http.ts'])
  const took = performance.now() - startedAt
  const memory = residentMegabytes(bare.pid)
  await bare.stop()
  return [took, memory]
}
