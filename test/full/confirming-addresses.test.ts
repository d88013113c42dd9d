import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openPageBrowser } from '../support/page-browser.ts'

const settings = { SUMUN_TRUST_PROXY: '1' }
let places = 0
const nextSource = () => ({ 'x-forwarded-for': `198.51.${100 + Math.floor(++places / 250)}.${places % 250}` })

/**
 * Guesses at the code for an address that is not one's own, five for each code; counts those that were looked
 * at.
 */
async function guess(
  app: TestServer,
  given: { token: string; kind: string; value: string; rounds: number },
): Promise<number> {
  let looked = 0
  for (let i = 0; i < given.rounds; i++) {
    const headers = nextSource()
    const begun = await app.post(`/v1/me/identifiers/${given.kind}`, {
      json: { value: given.value },
      token: given.token,
      headers,
    })
    assert.equal(begun.status, 200, JSON.stringify(begun.body))
    for (let n = 0; n < 5; n++) {
      const answered = await app.post(`/v1/me/identifiers/${given.kind}/answer`, {
        json: { code: String(n).padStart(6, '0') },
        token: given.token,
        headers,
      })
      if (answered.body.code === 'answer_refused') looked++
    }
  }
  return looked
}

for (const engine of engines)
  for (const [kind, value] of [
    ['email', 'wanted@example.com'],
    ['phone', '+821012345678'],
  ] as const) {
    test(`${engine.name}: codes that confirm an address (${kind}) can be guessed twenty times, from all sources together`, {
      skip: engine.skip,
    }, async (t) => {
      const app = await server(t, { engine, settings })
      const thief = await verifiedUser(app)
      const looked = await guess(app, { token: thief.accessToken, kind, value, rounds: 30 })
      assert.ok(looked > 0 && looked <= 20, `${looked} guesses were looked at`)
    })
  }

test('many accounts together have a hundred guesses at one address', async (t) => {
  const app = await server(t, { settings })
  let looked = 0
  for (let i = 0; i < 12; i++) {
    const thief = await app.user()
    looked += await guess(app, {
      token: thief.accessToken,
      kind: 'email',
      value: 'wanted@example.com',
      rounds: 5,
    })
  }
  assert.ok(looked <= 100, `${looked} guesses were looked at`)
})

test('the page that confirms an address has the same limit', async (t) => {
  const app = await server(t, { settings })
  const thief = await verifiedUser(app)
  const browser = openPageBrowser(app.url)
  const named = await browser.submit(await browser.open(`${app.url}/signin`), { username: thief.email })
  await browser.submit(named, { password: thief.password })
  let [asked, refused] = [0, false]
  for (; asked < 20 && !refused; asked++) {
    let page = await browser.open(`${app.url}/account/addresses/email`)
    page = await browser.submit(page, { value: 'wanted@example.com' })
    for (let n = 0; n < 5 && page.text.includes('name="code"'); n++)
      page = await browser.submit(page, { code: String(n).padStart(6, '0') })
    refused = /too many|Too many/.test(page.text)
  }
  assert.ok(refused, 'it ends')
  assert.ok(asked <= 6, `${asked} rounds of five`)
})
