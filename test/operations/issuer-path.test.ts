import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as client from 'openid-client'
import { words } from '../../src/words/pages.ts'
import { addAuthenticator } from '../support/authenticator.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { createClient } from '../support/client.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { skipWithoutNginx, startNginx } from '../support/nginx.ts'
import { application, discover, exchange, request, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { freePort } from '../support/postgres.ts'
import { signUpAtPage, signUpPlainly } from '../support/sign-up-page.ts'

const base = '/id/one'

/** Behind nginx, under a path of its host, as with `proxy_pass http://…/;` or without that slash. */
async function behindProxy(
  t: TestContext,
  { strips }: { strips: boolean },
): Promise<{ app: TestServer; issuer: string; elsewhere(): string[] }> {
  const port = await freePort()
  const issuer = `http://localhost:${port}${base}`
  const app = await server(t, { settings: { SUMUN_ISSUER: issuer, SUMUN_TRUST_PROXY: '1' } })
  const inner = `http://127.0.0.1:${new URL(app.url).port}`
  const kept = `location = ${base} { proxy_pass ${inner}${strips ? '/' : ''}; }
    location ${base}/ { proxy_pass ${inner}${strips ? '/' : ''}; }`
  const locations = `${kept}
    location /.well-known/ { proxy_pass ${inner}; }
    location / { LOGGED return 404 "another application"; }`
  const nginx = await startNginx(t, { locations, port })
  return { app, issuer, elsewhere: nginx.logged }
}

for (const strips of [true, false]) {
  const how = strips ? 'takes it off' : 'keeps it'

  test(`an issuer with a path works behind nginx that ${how}: pages, mails, applications`, {
    skip: skipWithoutNginx,
    timeout: 60_000,
  }, async (t) => {
    const { app, issuer, elsewhere } = await behindProxy(t, { strips })
    const outside = { ...app, ...createClient(issuer), url: issuer }
    const user = await outside.user()
    // Metadata are found where each of the two documents says (OIDC Discovery §4, RFC 8414 §3.1).
    for (const address of [
      `${issuer}/.well-known/openid-configuration`,
      `${new URL(issuer).origin}/.well-known/oauth-authorization-server${base}`,
      `${new URL(issuer).origin}/.well-known/openid-configuration${base}`,
    ]) {
      const document = (await (await fetch(address)).json()) as Record<string, string>
      assert.equal(document.issuer, issuer, address)
      for (const [name, value] of Object.entries(document))
        if (/_endpoint$|_uri$/.test(name)) assert.ok(value.startsWith(`${issuer}/`), `${name} ${value}`)
    }
    const browser = openPageBrowser(issuer)
    assert.equal((await browser.open(issuer)).status, 200)
    // Signing up, in, and out, by pages.
    const made = await signUpPlainly(browser, await browser.open(`${issuer}/signup`), {
      email: 'minji@example.com',
      password: 'seven herons over the weir',
    })
    assert.equal(new URL(made.url).pathname, `${base}/account/addresses/email`)
    const activity = await browser.open(`${issuer}/account/activity`)
    assert.equal(activity.status, 200)
    for (const [, address = ''] of activity.text.matchAll(/ (?:href|action)="([^"#]*)"/g))
      assert.ok(address.startsWith(`${base}/`) || address.startsWith('data:'), address)
    await browser.submit(await browser.open(`${issuer}/account`), {}, `${base}/account/sign-out`)
    assert.equal(new URL((await browser.open(`${issuer}/account`)).url).pathname, `${base}/signin`)
    assert.ok(
      browser.cookies().every(({ path }) => path === base || path.startsWith(`${base}/`)),
      JSON.stringify(browser.cookies()),
    )
    // An application.
    const registered = await application(outside, { post_logout_redirect_uris: ['https://app.example/bye'] })
    const config = await discover(outside, registered)
    const asked = await request(config)
    const page = await signInBy(browser, asked.url, user)
    const tokens = await exchange(config, asked, page.url)
    assert.equal(tokens.claims()?.sub, user.accountId)
    assert.equal(
      (await client.fetchUserInfo(config, tokens.access_token, user.accountId)).sub,
      user.accountId,
    )
    assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true)
    assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token as string)).access_token)
    const out = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token as string,
      post_logout_redirect_uri: 'https://app.example/bye',
    })
    assert.equal(
      (await browser.submit(await browser.open(out.href), { logout: 'yes' })).url,
      'https://app.example/bye',
    )
    // A mail.
    const recovering = openPageBrowser(issuer)
    const named = await recovering.submit(await recovering.open(`${issuer}/recover`), {
      username: user.email,
    })
    assert.ok(new URL(named.url).pathname.startsWith(`${base}/`), named.url)
    const attempt = (
      await outside.post('/v1/attempts', { json: { purpose: 'sign-in', login_hint: user.email } })
    ).body
    await outside.post(`/v1/attempts/${attempt.id}/email-link`, { json: {} })
    const { link } = await messageTo(
      app.environment.SUMUN_DATA as string,
      user.email,
      (mail) => mail.link !== undefined,
    )
    assert.ok(link?.href.startsWith(`${issuer}/link/`), link?.href)
    assert.equal((await recovering.open(link?.href as string)).status, 200)
    // What shows the API.
    const docs = await (await fetch(`${issuer}/docs`)).text()
    for (const [, address = ''] of docs.matchAll(/ (?:href|src)="(\/[^"]*)"/g))
      assert.equal((await fetch(new URL(address, issuer))).status, 200, address)
    assert.deepEqual(elsewhere(), [], 'nothing went to another application of the host')
  })
}

test('an issuer with a path: a passkey works in a real browser', {
  skip: skipWithoutNginx || skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const { issuer, elsewhere } = await behindProxy(t, { strips: true })
  const page = await (await openBrowser(t)).newPage()
  await addAuthenticator(page)
  await page.goto(`${issuer}/signup`)
  await signUpAtPage(page, { email: 'minji@example.com', password: 'copper lantern under the pier' })
  await page.waitForURL(/\/account/)
  await page.goto(`${issuer}/account/ways/passkey`)
  await page.getByRole('button', { name: words.en.account.begin }).click()
  await page.locator('form[data-challenge] button').click()
  await page.getByText(words.en.said.added).waitFor()
  await page.context().clearCookies()
  await page.goto(`${issuer}/signin`)
  // The browser offers it where the name would be typed.
  await page.getByRole('heading', { name: words.en.account.title }).waitFor()
  assert.deepEqual(
    elsewhere().filter((one) => !one.includes('favicon')),
    [],
  )
})

test('under https, cookies of an issuer with a path are limited to the path', async (t) => {
  const app = await server(t, {
    settings: { SUMUN_ISSUER: 'https://host.example/id', SUMUN_TRUST_PROXY: '1' },
  })
  const reply = await app.get('/id/signin', { headers: { accept: 'text/html' } })
  const cookies = reply.headers.getSetCookie()
  assert.ok(cookies.length > 0)
  for (const cookie of cookies) assert.match(cookie, /^__Secure-[^;]+;.*Path=\/id;.*Secure/i)
})
