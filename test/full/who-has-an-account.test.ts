import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount } from '../../src/engine/accounts/add-account.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { importedHashes } from '../support/imported-hashes.ts'
import { messagesTo, messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { rankSum } from '../support/rank-sum.ts'
import { signUpPlainly } from '../support/sign-up-page.ts'

const folderOf = (app: TestServer) => app.environment.SUMUN_DATA as string
const shapeOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)]))
    : typeof value

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: sign-up with a taken address looks the same, and its owner is notified`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const owner = await verifiedUser(app)
      const signUp = (email: string) =>
        app.post('/v1/accounts', { json: { email, password: 'seven herons over the weir' } })
      const [taken, free] = [await signUp(owner.email.toUpperCase()), await signUp('free@example.com')]
      assert.deepEqual([taken.status, free.status], [201, 201])
      assert.deepEqual(shapeOf(taken.body), shapeOf(free.body))
      const mail = await messageTo(folderOf(app), owner.email, ({ subject }) =>
        /tried to sign up/.test(subject),
      )
      assert.equal(mail.link?.pathname, '/signin')
      // Nothing of the owner's is the stranger's: not the address, nor a code for it.
      const me = (await app.get('/v1/me', { token: taken.body.access_token })).body
      assert.equal(me.email_verified, false)
      const codes = (await messagesTo(folderOf(app), owner.email)).filter(({ code }) => code !== undefined)
      assert.equal(codes.length, 1, 'only that of the owner, of before')
      const back = await app.post('/login', { json: { username: owner.email, password: owner.password } })
      assert.equal((await app.get('/v1/me', { token: back.body.access_token })).body.id, owner.accountId)
      const own = await app.get('/v1/me', { token: back.body.access_token })
      assert.deepEqual([own.body.email, own.body.email_verified], [owner.email, true])
      // A code for it is asked for as for any, and never comes.
      const asked = await app.post('/v1/me/identifiers/email', {
        json: { value: owner.email },
        token: taken.body.access_token,
      })
      assert.equal(asked.status, 200)
      assert.equal(
        (await messagesTo(folderOf(app), owner.email)).filter(({ code }) => code !== undefined).length,
        1,
      )
    },
  )

  test(`${engine.name}: the sign-up page reveals as little`, options, async (t) => {
    const app = await server(t, { engine })
    const owner = await verifiedUser(app)
    const signUp = async (email: string) => {
      const browser = openPageBrowser(app.url)
      return signUpPlainly(browser, await browser.open(`${app.url}/signup`), {
        email,
        password: 'seven herons over the weir',
      })
    }
    const [taken, free] = [await signUp(owner.email), await signUp('free@example.com')]
    assert.equal(new URL(taken.url).pathname, new URL(free.url).pathname)
    assert.equal(taken.status, free.status)
    const plain = (text: string, email: string) =>
      text
        .replaceAll(email, 'EMAIL')
        .replace(/nonce="[^"]*"/g, '')
        .replace(/(class="avatar"[^>]*>)[^<]/g, '$1')
        .replace(/[a-z]{3}_[0-9a-z]{26}/g, 'ID')
    assert.equal(
      plain(taken.text, owner.email).replace(/\d+/g, '0'),
      plain(free.text, 'free@example.com').replace(/\d+/g, '0'),
    )
  })
}

test('a deployment may choose to say that an address is taken', async (t) => {
  const app = await server(t, { settings: { SUMUN_TAKEN_ADDRESS: 'say' } })
  const owner = await verifiedUser(app)
  const taken = await app.post('/v1/accounts', {
    json: { email: owner.email, password: 'seven herons over the weir' },
  })
  assert.deepEqual([taken.status, taken.body.code], [409, 'identifier_taken'])
})

// `ms` of a check of each of these, from far too quick to far too slow.
const schemes = ['bcrypt 2b', 'Django scrypt']

test('imported hashes, our own and unknown names take the same time to refuse', async (t) => {
  const app = await server(t)
  const add = (username: string, hash: string | undefined) =>
    addAccount(app.running.engine, {
      identifiers: { username },
      name: null,
      locale: 'en',
      kind: 'person',
      role: 'member',
      credential:
        hash === undefined
          ? { method: 'password', answer: { password: goodPassword } }
          : { method: 'password', importedHash: hash },
      requester: systemRequester(app.running.engine),
      actor: 'cli',
    })
  const rounds = 16
  const names: Record<string, string[]> = { unknown: [], ours: [] }
  for (let i = 0; i < rounds; i++) {
    names.unknown?.push(`unknown-${i}`)
    await add(`ours-${i}`, undefined)
    names.ours?.push(`ours-${i}`)
    for (const [index, scheme] of schemes.entries()) {
      await add(`scheme-${index}-${i}`, importedHashes[scheme]?.hash)
      ;(names[scheme] ??= []).push(`scheme-${index}-${i}`)
    }
  }
  const login = async (username: string) => {
    const startedAt = performance.now()
    const { status } = await app.post('/login', { json: { username, password: 'not the password at all' } })
    assert.equal(status, 400)
    return performance.now() - startedAt
  }
  // What a hash costs is learnt as the first of its kind is looked at.
  for (const list of Object.values(names)) await login(list[0] as string)
  const took: Record<string, number[]> = {}
  for (let i = 1; i < rounds; i++) {
    app.clock.advance(60_000)
    const order = Object.keys(names)
    for (const kind of i % 2 ? order : order.toReversed())
      (took[kind] ??= []).push(await login(names[kind]?.[i] as string))
  }
  for (const kind of Object.keys(names)) {
    const z = rankSum(took.unknown as number[], took[kind] as number[])
    assert.ok(Math.abs(z) < 4, `${kind}: z = ${z.toFixed(2)}`)
  }
})
