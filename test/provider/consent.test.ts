import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { application, discover, exchange, request, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a third-party application asks for consent once`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(
      app,
      await application(app, { client_name: '<img src=x onerror=alert(1)>' }, {}),
    )
    const browser = openPageBrowser(app.url)
    const asked = await request(config)
    const consent = await signInBy(browser, asked.url, user)
    assert.match(consent.text, /see your e-mail address/)
    assert.match(consent.text, /app\.example/)
    assert.ok(!consent.text.includes('<img'), 'a name is text')
    assert.match(consent.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    const allowed = await browser.submit(consent, { decision: 'allow' })
    const tokens = await exchange(config, asked, allowed.url)
    assert.equal(tokens.scope, 'openid email')
    assert.match((await browser.open((await request(config)).url)).url, /[?&]code=/, 'not asked twice')
    const elsewhere = openPageBrowser(app.url)
    assert.match(
      (await signInBy(elsewhere, (await request(config)).url, user)).url,
      /[?&]code=/,
      'nor on another device',
    )
    const more = await browser.open((await request(config, { scope: 'openid email phone' })).url)
    assert.match(more.text, /see your phone number/)
    assert.doesNotMatch(more.text, /e-mail address/)
  })

  test(`${engine.name}: ui_locales and login_hint are used by the pages`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const config = await discover(app, await application(app, {}, {}))
    const browser = openPageBrowser(app.url)
    const first = await browser.open(
      (await request(config, { ui_locales: 'ko-KR en', login_hint: user.email })).url,
    )
    assert.match(first.text, /<html lang="ko"/)
    assert.ok(first.text.includes(`value="${user.email}"`))
    const second = await browser.submit(first, { username: user.email })
    assert.match(second.text, /<html lang="ko"[\s\S]*비밀번호/)
    const consent = await browser.submit(second, { password: user.password })
    assert.match(consent.text, /<html lang="ko"[\s\S]*이메일 주소 보기/)
  })

  test(`${engine.name}: refusing consent returns access_denied`, options, async (t) => {
    const app = await server(t, { engine })
    const config = await discover(app, await application(app, {}, {}))
    const browser = openPageBrowser(app.url)
    const consent = await signInBy(browser, (await request(config)).url, await app.user())
    const refused = new URL((await browser.submit(consent, { decision: 'deny' })).url)
    assert.deepEqual(
      [refused.searchParams.get('error'), refused.searchParams.get('code')],
      ['access_denied', null],
    )
    assert.equal(refused.searchParams.get('iss'), app.url)
  })

  test(`${engine.name}: consent is listed, and its withdrawal revokes everything`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const { id, secret } = await application(app, { client_name: 'Boats' }, {})
    const config = await discover(app, { id, secret })
    const browser = openPageBrowser(app.url)
    const asked = await request(config)
    const consent = await signInBy(browser, asked.url, user)
    const tokens = await exchange(config, asked, (await browser.submit(consent, { decision: 'allow' })).url)
    const token = user.accessToken
    const listed = (await app.get('/v1/me/applications', { token })).body.applications
    assert.deepEqual(listed, [
      { id, name: 'Boats', scopes: ['openid', 'email'], sessions: 1, offline: false },
    ])
    assert.equal(
      (await app.call('DELETE', `/v1/me/applications/${id}`, { token: tokens.access_token })).status,
      403,
    )
    assert.equal((await app.call('DELETE', `/v1/me/applications/${id}`, { token })).status, 204)
    assert.equal((await app.call('DELETE', `/v1/me/applications/${id}`, { token })).status, 404)
    assert.equal((await app.get('/protected', { token: tokens.access_token })).status, 401)
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token as string))
    assert.match((await browser.open((await request(config)).url)).text, /asks to/, 'it must ask again')
  })

  test(`${engine.name}: only the browser that began can answer an interaction`, options, async (t) => {
    const app = await server(t, { engine })
    const config = await discover(app, await application(app, {}, {}))
    const [attacker, victim] = [openPageBrowser(app.url), openPageBrowser(app.url)]
    const begun = await attacker.open((await request(config)).url)
    const uid = new URL(begun.url).searchParams.get('interaction')
    const user = await app.user()
    const page = await victim.open(`${app.url}/signin?interaction=${uid}`)
    const named = await victim.submit(page, { username: user.email })
    const done = await victim.submit(named, { password: user.password })
    assert.equal(done.status, 400, done.text)
    assert.match(done.text, /took too long/)
    const [foreign] = (await attacker.open(`${app.url}/oauth/interaction/${uid}`)).url.split('?')
    assert.ok(foreign?.includes('/signin'), 'and the attacker is where they were')
  })
}
