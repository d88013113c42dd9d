import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWaitingLine } from '../../src/engine/limits/waiting-line.ts'

const quick = { waitMilliseconds: 1_000, pollMilliseconds: 1, lengthMax: 50 }

test('a waiting line is FIFO, and only its first polls', async () => {
  const line = createWaitingLine(quick)
  const served: number[] = []
  let [asking, places] = [0, 0]
  const waiting = Array.from({ length: 20 }, (_, index) =>
    line.stand('name', async () => {
      assert.equal(++asking, 1, 'only one polls')
      await new Promise((resolve) => setImmediate(resolve))
      asking--
      if (places === 0) return undefined
      places--
      served.push(index)
      return index
    }),
  )
  assert.ok(line.isFormed('name') && !line.isFormed('another'))
  const handing = setInterval(() => places++, 2)
  assert.deepEqual(await Promise.all(waiting), [...waiting.keys()])
  clearInterval(handing)
  assert.deepEqual(served, [...waiting.keys()])
  assert.equal(line.isFormed('name'), false, 'nothing is kept of it')
})

test('a waiting line is bounded in length and time; an error affects its own caller', async () => {
  const line = createWaitingLine({ ...quick, waitMilliseconds: 50, lengthMax: 3 })
  const never = () => line.stand('name', async () => undefined)
  const standing = [never(), never(), never()]
  assert.equal(await never(), undefined, 'at once')
  assert.deepEqual(await Promise.all(standing), [undefined, undefined, undefined])
  const failing = line.stand('name', () => Promise.reject(new Error('away')))
  const next = line.stand('name', async () => 'served')
  await assert.rejects(failing, /away/)
  assert.equal(await next, 'served')
})
