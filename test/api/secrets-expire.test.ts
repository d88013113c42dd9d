import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setAccountRole } from '../../src/engine/accounts/manage-account.ts'
import { addConnection } from '../../src/engine/connections/connections.ts'
import { warnOfExpiry } from '../../src/engine/organisations/expiring-secrets.ts'
import { countRows } from '../support/change-database.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { allSent, messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { join, organisation } from '../support/organisations.ts'

const day = 86_400_000

for (const engine of engines)
  test(`${engine.name}: admins are told a month and a week before a secret expires, and operators of those for anyone`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { engine: running } = app.running
    const [kim, operator] = [await verifiedUser(app), await verifiedUser(app)]
    await setAccountRole(running, { id: operator.accountId as 'acc_', role: 'operator', actor: 'test' })
    const own = await organisation(app)
    await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
    const expiresAt = running.clock.now() + 40 * day
    const given = { preset: 'google', clientId: 'c', secret: 's', secretExpiresAt: expiresAt, actor: 'test' }
    await addConnection(running, { ...given, slug: 'ours', organisationId: own.id })
    await addConnection(running, { ...given, slug: 'google' })
    await addConnection(running, { ...given, slug: 'off', state: 'disabled' })
    assert.equal(await warnOfExpiry(running), 0)
    const folder = app.environment.SUMUN_DATA as string
    const sent = async () => {
      await allSent(app)
      const statement = `SELECT COUNT(*) AS "count" FROM outbox WHERE state = 'sent'`
      return countRows(app.environment as Record<string, string>, statement)
    }
    const before = await sent()
    for (const [days, mails] of [
      [11, 1],
      [1, 1],
      [23, 2],
      [6, 3],
    ] as const) {
      app.clock.advance(days * day)
      // Two nodes at once.
      assert.deepEqual(await Promise.all([warnOfExpiry(running), warnOfExpiry(running)]), [2, 2])
      assert.equal((await sent()) - before, 2 * mails, `after ${days} days`)
      for (const { email } of [kim, operator])
        await messageTo(folder, email, ({ subject }) => subject.includes('expires on'))
    }
    const mail = await messageTo(folder, kim.email, ({ subject }) => subject.includes('expires on'))
    assert.match(mail.subject, /The key of 한강전기 expires on/)
    assert.equal(mail.link?.pathname, `/account/organisations/${own.id}`)
  })
