import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Account, newAccountDefaults } from '../../src/domain/account.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { newAccountId, newCredentialId, newSessionId, newTicketId } from '../../src/domain/id.ts'
import { systemRandom } from '../../src/domain/random.ts'
import type { Session } from '../../src/domain/session.ts'
import { allOrNothing } from '../../src/store/all-or-nothing.ts'
import { tablesInBackup } from '../../src/store/backup-rows.ts'
import { type Database, UniqueViolation } from '../../src/store/database.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { sql } from '../../src/store/statement.ts'
import type { Store } from '../../src/store/store.ts'
import { engines, type StoreEngine, sqlite } from '../support/engines.ts'

// One contract for both engines: atomicity, and rollback of what is refused.
const sources = { clock: systemClock, random: systemRandom }
const now = 1_800_000_000_000

async function openDatabase(t: TestContext, engine: StoreEngine): Promise<Database> {
  const { SUMUN_DATABASE_URL: url, SUMUN_DATA: data } = await engine.prepare(t)
  const database = url
    ? openPostgres({ url, isPooled: false })
    : openSqlite(join(data as string, 'sumun.sqlite'))
  t.after(() => database.close())
  return database
}

async function openEmpty(t: TestContext, engine: StoreEngine): Promise<Store> {
  const database = await openDatabase(t, engine)
  await migrate(database, migrations, now)
  return openStore(database)
}

const account = (): Account => ({
  ...newAccountDefaults,
  id: newAccountId(sources),
  name: null,
  locale: 'en',
  createdAt: now,
  updatedAt: now,
})
const username = (value: string) => ({ kind: 'username' as const, value, display: value, skeleton: value })

function session(accountId: Account['id']): Session {
  return {
    id: newSessionId(sources),
    accountId,
    clientId: 'sumun',
    scope: 'account',
    acr: 'aal1',
    amr: ['pwd'],
    authenticatedAt: now,
    evidence: [],
    origin: 'sign-in',
    device: 'd',
    counter: 0,
    refreshedAt: now,
    usedAt: now,
    userAgent: null,
    source: null,
    status: 's0/7',
    createdAt: now,
    expiresAt: now + 1000,
    endedAt: null,
    ending: null,
    organisationId: null,
    organisationRoles: null,
  }
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: migrations run once for concurrent starts`, options, async (t) => {
    const environment = await engine.prepare(t)
    const open = () =>
      environment.SUMUN_DATABASE_URL
        ? openPostgres({ url: environment.SUMUN_DATABASE_URL, isPooled: false })
        : openSqlite(join(environment.SUMUN_DATA as string, 'sumun.sqlite'))
    const nodes = Array.from({ length: 4 }, open)
    t.after(() => Promise.all(nodes.map((node) => node.close())))
    const applied = await Promise.all(nodes.map((node) => migrate(node, migrations, now)))
    assert.deepEqual(applied.map((list) => list.length).sort(), [0, 0, 0, migrations.length])
  })

  test(`${engine.name}: a failed migration is rolled back`, options, async (t) => {
    const database = await openDatabase(t, engine)
    const broken = {
      id: migrations.length + 1,
      name: 'broken',
      script: 'CREATE TABLE half (id TEXT); CREATE TABLE account (id TEXT)',
    }
    await assert.rejects(migrate(database, [...migrations, broken], now))
    const applied = await migrate(
      database,
      [...migrations, { ...broken, script: 'CREATE TABLE half (id TEXT)' }],
      now,
    )
    assert.equal(applied.length, migrations.length + 1)
  })

  test(
    `${engine.name}: a transaction that throws is rolled back, and concurrent ones commit`,
    options,
    async (t) => {
      const store = await openEmpty(t, engine)
      const accounts = Array.from({ length: 30 }, account)
      const outcomes = await Promise.allSettled(
        accounts.map((one, index) =>
          store.transaction(async (tx) => {
            await tx.accounts.insert(one, [username(`name-${index}`)])
            if (index % 3 === 0) throw new Error('changed my mind')
          }),
        ),
      )
      for (const [index, one] of accounts.entries()) {
        assert.equal(outcomes[index]?.status, index % 3 === 0 ? 'rejected' : 'fulfilled')
        assert.equal((await store.accounts.find(one.id)) !== undefined, index % 3 !== 0)
        assert.equal(
          (await store.accounts.findByIdentifier('username', `name-${index}`)) !== undefined,
          index % 3 !== 0,
        )
      }
    },
  )

  test(
    `${engine.name}: an identifier is unique by value and by skeleton, with a typed error`,
    options,
    async (t) => {
      const store = await openEmpty(t, engine)
      await store.transaction((tx) => tx.accounts.insert(account(), [username('kim')]))
      for (const taken of [username('kim'), { ...username('kiм'), skeleton: 'kim' }]) {
        await assert.rejects(
          store.transaction((tx) => tx.accounts.insert(account(), [taken])),
          UniqueViolation,
        )
      }
      const winners = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          store.transaction((tx) => tx.accounts.insert(account(), [username('lee')])),
        ),
      )
      assert.equal(winners.filter(({ status }) => status === 'fulfilled').length, 1)
    },
  )

  test(`${engine.name}: deleting an account deletes its data`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const [kim, lee] = [account(), account()]
    for (const [one, name] of [
      [kim, 'kim'],
      [lee, 'lee'],
    ] as const) {
      await store.transaction(async (tx) => {
        await tx.accounts.insert(one, [username(name)])
        await tx.credentials.insert({
          id: newCredentialId(sources),
          accountId: one.id,
          kind: 'x',
          lookup: one.id,
          name: null,
          data: { a: 1 },
          revision: 1,
          createdAt: now,
          lastUsedAt: null,
          failures: 0,
          disabledAt: null,
          suspendedAt: null,
        })
        await tx.sessions.insert(session(one.id))
      })
    }
    assert.equal(await store.accounts.delete(kim.id), true)
    assert.equal(await store.accounts.delete(kim.id), false)
    assert.deepEqual(await store.credentials.listByAccount(kim.id), [])
    assert.deepEqual(await store.sessions.listByAccount(kim.id, { after: null, limit: 10, now }), [])
    assert.equal((await store.credentials.listByAccount(lee.id)).length, 1)
  })

  test(`${engine.name}: of concurrent changes of one revision, one wins`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const one = account()
    const credential = {
      id: newCredentialId(sources),
      accountId: one.id,
      kind: 'x',
      lookup: null,
      name: null,
      data: { step: 0 },
      revision: 1,
      createdAt: now,
      lastUsedAt: null,
      failures: 0,
      disabledAt: null,
      suspendedAt: null,
    }
    await store.transaction(async (tx) => {
      await tx.accounts.insert(one, [])
      await tx.credentials.insert(credential)
    })
    const changes = await Promise.all(
      Array.from({ length: 30 }, (_, step) =>
        store.credentials.update({ id: credential.id, revision: 1, data: { step }, win: 'must' }, now),
      ),
    )
    assert.equal(changes.filter(Boolean).length, 1)
    assert.equal((await store.credentials.listByAccount(one.id))[0]?.revision, 2)
    const updates = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        store.accounts.update({ id: one.id, revision: 1, name: String(index), locale: 'ko', now }),
      ),
    )
    assert.equal(updates.filter(Boolean).length, 1)
  })

  test(
    `${engine.name}: a session rotates once per token, and not when ended, expired, idle or disabled`,
    options,
    async (t) => {
      const store = await openEmpty(t, engine)
      const one = account()
      await store.transaction((tx) => tx.accounts.insert(one, []))
      const begin = async (): Promise<Session> => {
        const begun = session(one.id)
        await store.sessions.insert(begun)
        return begun
      }
      const turn = { counter: 0, now: now + 1, idleSince: now - 1000 }
      const first = await begin()
      const moved = await Promise.all(
        Array.from({ length: 50 }, () => store.sessions.rotate({ ...turn, id: first.id })),
      )
      assert.equal(moved.filter(({ outcome }) => outcome === 'rotated').length, 1)
      assert.equal((await store.sessions.find(first.id))?.counter, 1)

      const outcome = async (
        change: Partial<typeof turn>,
        prepare?: (id: Session['id']) => Promise<unknown>,
      ) => {
        const { id } = await begin()
        await prepare?.(id)
        return (await store.sessions.rotate({ ...turn, id, ...change })).outcome
      }
      assert.equal(await outcome({}), 'rotated')
      assert.equal(await outcome({ counter: 1 }), 'not_current')
      assert.equal(await outcome({ now: now + 1000 }), 'not_current')
      assert.equal(await outcome({ idleSince: now }), 'not_current')
      const end = {
        accountId: one.id,
        ending: 'signed_out',
        offline: 'stays',
        now,
        revocationExpiresAt: now + 5,
      } as const
      assert.equal(
        await outcome({}, (id) => store.transaction((tx) => tx.sessions.end({ ...end, id }))),
        'not_current',
      )
      await store.accounts.setState({ id: one.id, state: 'disabled', now })
      assert.equal(await outcome({}), 'not_current')
    },
  )

  test(`${engine.name}: a revocation is listed once for every reader`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const [kim, lee] = [account(), account()]
    await store.transaction(async (tx) => {
      await tx.accounts.insert(kim, [])
      await tx.accounts.insert(lee, [])
    })
    const sessions = [session(kim.id), session(kim.id), session(kim.id), session(lee.id)] as const
    for (const one of sessions) await store.sessions.insert(one)
    const end = {
      accountId: kim.id,
      ending: 'signed_out',
      offline: 'stays',
      now,
      revocationExpiresAt: now + 5000,
    } as const
    const ended = await Promise.all(
      Array.from({ length: 10 }, () =>
        store.transaction((tx) => tx.sessions.end({ ...end, id: sessions[0].id })),
      ),
    )
    assert.equal(ended.filter(Boolean).length, 1)
    // not Kim's
    assert.equal(await store.transaction((tx) => tx.sessions.end({ ...end, id: sessions[3].id })), false)
    assert.equal(await store.transaction((tx) => tx.sessions.endAll({ ...end, except: sessions[1].id })), 1)
    assert.deepEqual(
      (await store.revocations.list({ after: { revokedAt: now, subject: '' }, limit: 9 })).map(
        ({ subject }) => subject,
      ),
      [sessions[0].id, sessions[2].id].sort(),
    )
    assert.deepEqual(
      await store.revocations.list({ after: { revokedAt: now + 1, subject: '' }, limit: 9 }),
      [],
    )
    assert.deepEqual(
      (await store.sessions.listByAccount(kim.id, { after: null, limit: 10, now })).map(({ id }) => id),
      [sessions[1].id],
    )
  })

  test(`${engine.name}: a ticket is used once, in time, and for its purpose`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const issue = async (secretHash: string, expiresAt = now + 1000) => {
      await store.tickets.insert({
        id: newTicketId(sources),
        purpose: 'invitation',
        subject: null,
        accountId: null,
        secretHash,
        state: null,
        triesLeft: 1,
        createdAt: now,
        expiresAt,
        spentAt: null,
      })
    }
    await issue('a')
    assert.equal(await store.tickets.spend({ secretHash: 'a', purpose: 'first-operator', now }), undefined)
    assert.equal(await store.tickets.spend({ secretHash: 'b', purpose: 'invitation', now }), undefined)
    const spent = await Promise.all(
      Array.from({ length: 50 }, () => store.tickets.spend({ secretHash: 'a', purpose: 'invitation', now })),
    )
    assert.equal(spent.filter(Boolean).length, 1)
    await issue('late', now)
    assert.equal(await store.tickets.spend({ secretHash: 'late', purpose: 'invitation', now }), undefined)
    await issue('withdrawn')
    assert.equal(await store.tickets.withdraw({ purpose: 'invitation', subject: null, now }), 2)
    assert.equal(
      await store.tickets.spend({ secretHash: 'withdrawn', purpose: 'invitation', now }),
      undefined,
    )
  })

  test(`${engine.name}: signing keys rotate, with one current and one next key`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const key = (kid: string, state: 'current' | 'next') => ({
      kid,
      state,
      algorithm: 'ES256' as const,
      publicJwk: { kid },
      privateSealed: 'x',
      createdAt: now,
      currentSince: null,
      previousSince: null,
    })
    assert.deepEqual(
      await Promise.all(['a', 'b', 'c'].map((kid) => store.signingKeys.insert(key(kid, 'current')))).then(
        (list) => list.filter(Boolean).length,
      ),
      1,
    )
    await store.signingKeys.insert(key('n', 'next'))
    const current = (await store.signingKeys.listLive()).find(({ state }) => state === 'current')
      ?.kid as string
    const turns = await Promise.all(
      Array.from({ length: 10 }, () =>
        allOrNothing(store, (tx) => tx.signingKeys.rotate({ currentKid: current, nextKid: 'n', now })),
      ),
    )
    assert.equal(turns.filter(Boolean).length, 1)
    // Where there is no such next one, the current one stays what it is.
    assert.equal(
      await allOrNothing(store, (tx) => tx.signingKeys.rotate({ currentKid: 'n', nextKid: 'gone', now })),
      false,
    )
    assert.deepEqual(
      (await store.signingKeys.listLive()).map(({ kid, state }) => `${kid} ${state}`).sort(),
      [`${current} previous`, 'n current'].sort(),
    )
    assert.equal(await store.signingKeys.retire({ previousBefore: now + 1 }), 1)
    const retired = (await store.signingKeys.listAll(10)).find(({ state }) => state === 'retired')
    assert.equal(retired?.privateSealed, '')
  })

  test(`${engine.name}: expired rows are purged, and others stay`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const one = account()
    await store.transaction((tx) => tx.accounts.insert(one, []))
    const [over, going] = [session(one.id), { ...session(one.id), expiresAt: now + 9000 }]
    for (const each of [over, going]) await store.sessions.insert(each)
    await store.transaction((tx) =>
      tx.sessions.end({
        id: over.id,
        accountId: one.id,
        ending: 'signed_out',
        offline: 'stays',
        now,
        revocationExpiresAt: now + 10,
      }),
    )
    assert.deepEqual(
      [
        await store.transaction((tx) => tx.sessions.purgeBatch({ now: now + 5000, rows: 500 })),
        await store.revocations.purge(now + 5000),
      ],
      [1, 1],
    ) // the session, and the news of its end
    assert.deepEqual(
      [await store.sessions.find(over.id), (await store.sessions.find(going.id))?.id],
      [undefined, going.id],
    )

    await store.throttles.reserve({ key: 'failed', now, freeFailures: 5 })
    await store.throttles.settleSuccess({ key: 'proved', now })
    assert.equal(await store.throttles.purge({ before: now + 1, provedBefore: now }), 1)
    assert.equal(await store.throttles.find('failed'), undefined)
    assert.equal((await store.throttles.find('proved'))?.provedAt, now)
    assert.equal(await store.throttles.purge({ before: now + 1, provedBefore: now + 1 }), 1)
    assert.equal(await store.attempts.purge({ before: now, emptyBefore: now }), 0)
    assert.equal(await store.tickets.purge(now), 0)
  })

  test(`${engine.name}: text is stored and compared byte by byte`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const texts = [
      '한글',
      'ÀÉ',
      '👩‍👩‍👧',
      "'; DROP TABLE account; --",
      '%_',
      'A',
      'a',
      'ı',
      'i',
      '\u{10ffff}',
    ]
    for (const value of texts)
      await store.transaction((tx) =>
        tx.accounts.insert({ ...account(), name: value }, [{ ...username(value), skeleton: null }]),
      )
    for (const value of texts)
      assert.equal((await store.accounts.findByIdentifier('username', value))?.name, value)
  })

  test(`${engine.name}: accounts are listed by page, each once`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const all = Array.from({ length: 25 }, account).sort((a, b) => (a.id < b.id ? -1 : 1))
    for (const one of all) await store.transaction((tx) => tx.accounts.insert(one, []))
    const seen: string[] = []
    for (let after: Account['id'] | null = null; ; ) {
      const page = await store.accounts.list({ after, limit: 10, state: null, role: null })
      seen.push(...page.map(({ id }) => id))
      if (page.length < 10) break
      after = page.at(-1)?.id as Account['id']
    }
    assert.deepEqual(
      seen,
      all.map(({ id }) => id),
    )
    assert.deepEqual(await store.accounts.list({ after: null, limit: 10, state: 'disabled', role: null }), [])
  })

  test(`${engine.name}: events are chained once, in order, by concurrent nodes`, options, async (t) => {
    const store = await openEmpty(t, engine)
    const { createAuditTrail } = await import('../../src/engine/audit/audit-log.ts')
    const { MasterKey } = await import('../../src/crypto/master-key.ts')
    const masterKey = new MasterKey(Buffer.alloc(32, 1).toString('base64url'))
    let noted: { seq: number; chain: string } | undefined
    const anchor = {
      note: async (head: { seq: number; chain: string }) =>
        void (noted = noted && noted.seq > head.seq ? noted : head),
      read: async () => noted,
      forget: async () => void (noted = undefined),
    }
    const trails = [1, 2, 3].map(() =>
      createAuditTrail({ store, masterKey, anchor, trace: () => undefined, ...sources }),
    )
    const [trail] = trails as [(typeof trails)[0]]
    for (let line = 0; line < 40; line++)
      await store.transaction((tx) =>
        trail.record(tx, { kind: 'account.created', actor: 'system', subject: null, details: { line } }),
      )
    await Promise.all(trails.map((one) => one.seal()))
    assert.deepEqual(await trail.verify(), { lines: 40, waiting: 0, fault: null, anchoredTo: 40 })
  })
}

test('every table is in the backup, or excluded with a reason', async (t) => {
  const database = await openDatabase(t, sqlite)
  await migrate(database, migrations, now)
  const listed = sql(
    'tablesOfSqlite',
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  )
  const made = (await database.rows<{ name: string }>(listed)).map(({ name }) => name)
  assert.deepEqual([...tablesInBackup.kept, ...tablesInBackup.leftOut].sort(), made)
})
