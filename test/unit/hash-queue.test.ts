import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHashQueue } from '../../src/crypto/password-hash/hash-queue.ts'

// A bounded queue in which sources take turns; the busiest gives way.
const deferred = () => {
  let release = (): void => undefined
  const promise = new Promise<void>((resolve) => (release = resolve))
  return { promise, release }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('sources take turns, however many jobs each has', async () => {
  const queue = createHashQueue({ parallel: 1 })
  const gate = deferred()
  const order: string[] = []
  const job = (source: string) => queue.run(source, async () => void order.push(source))
  const first = queue.run('busy', () => gate.promise)
  const rest = [job('busy'), job('busy'), job('busy'), job('kim'), job('lee'), job('kim')]
  gate.release()
  await Promise.all([first, ...rest])
  assert.deepEqual(order, ['busy', 'kim', 'lee', 'busy', 'kim', 'busy'])
})

test('a full queue refuses the source that fills it, and admits another', async () => {
  const queue = createHashQueue({ parallel: 1 })
  const gate = deferred()
  const running = queue.run('busy', () => gate.promise)
  const outcomes: string[] = []
  const waiting = Array.from({ length: 128 }, () =>
    queue
      .run('busy', async () => undefined)
      .then(
        () => outcomes.push('ran'),
        (error) => outcomes.push(error.code),
      ),
  )
  await assert.rejects(
    queue.run('busy', async () => undefined),
    { code: 'busy', retryAfterSeconds: 2 },
  )
  assert.equal(queue.waiting(), 128)
  const newJob = queue.run('kim', async () => 'served')
  await turn()
  assert.deepEqual(outcomes, ['busy'])
  assert.equal(queue.waiting(), 128)
  gate.release()
  assert.equal(await newJob, 'served')
  await Promise.all([running, ...waiting])
  assert.equal(queue.waiting() + queue.running(), 0)
})

test('parallelism is bounded, and a failure frees its slot', async () => {
  const queue = createHashQueue({ parallel: 2 })
  let [now, most] = [0, 0]
  const jobs = Array.from({ length: 40 }, (_, index) =>
    queue.run(`source ${index % 7}`, async () => {
      most = Math.max(most, ++now)
      await turn()
      now--
      if (index % 5 === 0) throw new Error('failed')
    }),
  )
  const settled = await Promise.allSettled(jobs)
  assert.equal(settled.filter(({ status }) => status === 'rejected').length, 8)
  assert.equal(most, 2)
  assert.equal(queue.running(), 0)
})
