import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, exchange, request, signIn, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

// OpenID Connect Core §3.1.2.1, §5.5.1.1: whom an answer is about, and how well they were authenticated, is
// what was asked or nothing.
const errorOf = (url: string) => new URL(url).searchParams.get('error')

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a code is for the requested user, or none is issued`, options, async (t) => {
    const app = await server(t, { engine })
    const [kim, lee] = [await app.user(), await app.user()]
    const config = await discover(app, await application(app))
    const ofLee = await signIn(config, { browser: openPageBrowser(app.url), user: lee })
    const hint = ofLee.tokens.id_token as string
    const browser = openPageBrowser(app.url)
    await signIn(config, { browser, user: kim })

    const silent = await browser.open((await request(config, { id_token_hint: hint, prompt: 'none' })).url)
    assert.equal(errorOf(silent.url), 'login_required')

    // Kim is signed in; Lee is asked for, and signs in.
    const asked = await request(config, { id_token_hint: hint })
    const page = await signInBy(browser, asked.url, lee)
    assert.ok(page.url.startsWith(callback), `${page.url} ${page.text}`)
    assert.equal((await exchange(config, asked, page.url)).claims()?.sub, lee.accountId)

    // Lee is requested, and Kim signs in: no code, and no loop.
    const other = openPageBrowser(app.url)
    const wrong = await signInBy(other, (await request(config, { id_token_hint: hint })).url, kim)
    assert.ok(!wrong.url.startsWith(callback) || errorOf(wrong.url) === 'login_required', wrong.url)
  })

  test(`${engine.name}: a claims request for another user ends without a code`, options, async (t) => {
    const app = await server(t, { engine })
    const [kim, lee] = [await app.user(), await app.user()]
    const config = await discover(app, await application(app))
    const claims = JSON.stringify({ id_token: { sub: { value: lee.accountId } } })
    const browser = openPageBrowser(app.url)
    const page = await signInBy(browser, (await request(config, { claims })).url, kim)
    assert.ok(!new URL(page.url).searchParams.has('code'), page.url)
    const again = await browser.open((await request(config, { claims, prompt: 'none' })).url)
    assert.equal(errorOf(again.url), 'login_required')
  })

  test(
    `${engine.name}: an essential acr is met or the request fails; a voluntary one is optional`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      await signIn(config, { browser, user })
      const ask = async (acr: object) => {
        const asked = await request(config, { claims: JSON.stringify({ id_token: { acr } }) })
        return { asked, page: await browser.open(asked.url) }
      }
      for (const acr of [
        { essential: true, value: 'urn:x' },
        { essential: true, values: ['urn:x', 'urn:y'] },
      ]) {
        const { page } = await ask(acr)
        assert.equal(
          errorOf(page.url),
          'unmet_authentication_requirements',
          `${JSON.stringify(acr)} ${page.url}`,
        )
      }
      const { asked, page } = await ask({ essential: true, values: ['urn:x', 'aal1'] })
      assert.equal(decodeJwt((await exchange(config, asked, page.url)).id_token as string).acr, 'aal1')
      const voluntary = await ask({ value: 'urn:x' })
      assert.ok(new URL(voluntary.page.url).searchParams.has('code'), voluntary.page.url)
    },
  )
}

test('essential claims count in a pushed request as well', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const config = await discover(app, await application(app))
  const browser = openPageBrowser(app.url)
  await signIn(config, { browser, user })
  const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:x' } } })
  const { parameters } = await request(config, { claims })
  const { client_id, client_secret } = config.clientMetadata()
  const secret = typeof client_secret === 'string' ? client_secret : ''
  const pushed = await app.post('/oauth/par', {
    form: { ...parameters, response_type: 'code', client_id, ...(secret && { client_secret: secret }) },
  })
  assert.equal(pushed.status, 201, JSON.stringify(pushed.body))
  const query = new URLSearchParams({ client_id, request_uri: pushed.body.request_uri })
  const page = await browser.open(`${app.url}/oauth/authorize?${query}`)
  assert.equal(errorOf(page.url), 'unmet_authentication_requirements', page.url)
})
