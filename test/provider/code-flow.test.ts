import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signIn } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: an application signs a user in by the code flow`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user({ name: 'Kim' })
    const config = await discover(app, await application(app))
    const { tokens } = await signIn(config, { browser: openPageBrowser(app.url), user })
    const claims = tokens.claims()
    assert.deepEqual([claims?.sub, claims?.acr, claims?.amr], [user.accountId, 'aal1', ['pwd']])
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, user.accountId)
    assert.deepEqual([userinfo.email, userinfo.email_verified], [user.email, false])
    assert.equal(
      (await app.get('/protected', { token: tokens.access_token })).status,
      200,
      'one key, one issuer',
    )
    assert.equal(
      (await app.get('/v1/me', { token: tokens.access_token })).status,
      403,
      'and no more than was asked for',
    )
    const looked = await client.tokenIntrospection(config, tokens.access_token)
    assert.deepEqual([looked.active, looked.sub, looked.scope], [true, user.accountId, 'openid email'])
  })

  test(`${engine.name}: a signed-in user is not asked again until the session ends`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app))
    const browser = openPageBrowser(app.url)
    const first = await signIn(config, { browser, user })
    const again = await browser.open((await request(config, { prompt: 'none' })).url)
    assert.match(again.url, /[?&]code=/)
    const token = (await app.post('/login', { json: { username: user.email, password: user.password } })).body
      .access_token
    await app.call('DELETE', '/v1/me/sessions', { token })
    assert.equal((await app.get('/protected', { token: first.tokens.access_token })).status, 401)
    assert.equal((await client.tokenIntrospection(config, first.tokens.access_token)).active, false)
    assert.match(
      (await browser.open((await request(config, { prompt: 'none' })).url)).url,
      /error=login_required/,
    )
  })

  test(
    `${engine.name}: applications get the account chosen on this browser, and the other stays signed in`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [minji, taro] = [await app.user(), await app.user()]
      const config = await discover(app, await application(app))
      const browser = openPageBrowser(app.url)
      const subjectOf = async () => {
        const asked = await request(config)
        const page = await browser.open(asked.url)
        assert.match(page.url, /[?&]code=/, page.text)
        return (await exchange(config, asked, page.url)).claims()?.sub
      }
      const first = await signIn(config, { browser, user: minji })
      const name = await browser.open(`${app.url}/signin?another=yes`)
      await browser.submit(await browser.submit(name, { username: taro.email }), { password: taro.password })
      assert.equal(await subjectOf(), taro.accountId)
      const chooser = await browser.open(`${app.url}/signin`)
      const [, second = ''] = [...chooser.text.matchAll(/name="session" value="(ses_\w+)"/g)].map(
        ([, id]) => id,
      )
      await browser.submit(chooser, { session: second })
      assert.equal(await subjectOf(), minji.accountId)
      assert.equal(
        (await app.get('/protected', { token: first.tokens.access_token })).status,
        200,
        'no account was signed out',
      )
    },
  )
}
