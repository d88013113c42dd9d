import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRevocationFeed } from '../../src/engine/sessions/revocation-feed.ts'
import type { Store } from '../../src/store/store.ts'

type Revoked = Awaited<ReturnType<Store['revocations']['list']>>

test('a revocation committed during a read of the feed is known after the next poll', async () => {
  const revoked: Revoked = []
  const held: (() => void)[] = []
  const revocations = {
    list: () => {
      const seen = [...revoked] // what was committed when the database took the question
      return new Promise<Revoked>((resolve) => held.push(() => resolve(seen)))
    },
  }
  const feed = createRevocationFeed({ store: { revocations } as unknown as Store, clock: { now: () => 0 } })
  const background = feed.poll()
  revoked.push({ subject: 'ses_late', status: 's0/7', revokedAt: 0, revocationExpiresAt: 1000 })
  const mine = [feed.poll(), feed.poll()]
  held[0]?.()
  await background
  assert.equal(feed.isRevoked('ses_late'), false)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(held.length, 2, 'two who wait share one further read')
  held[1]?.()
  await Promise.all(mine)
  assert.equal(feed.isRevoked('ses_late'), true)
  assert.deepEqual(feed.inList('s0').indexes, [7])
})
