import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import * as client from 'openid-client'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { application, discover, signIn as signInTo } from '../support/oidc.ts'
import { openPageBrowser, type PageBrowser } from '../support/page-browser.ts'
import { postedFields, type SamlSp, samlSp } from '../support/saml-sp.ts'

type Page = Awaited<ReturnType<PageBrowser['open']>>

async function enter(browser: PageBrowser, sp: SamlSp, user?: { email: string; password: string }) {
  let page = await browser.open(await sp.request())
  if (user)
    page = await browser.submit(await browser.submit(page, { username: user.email }), {
      password: user.password,
    })
  return sp.read(postedFields(page.text, sp.acs))
}

/** An application whose sign-out address is its own. */
const at = (app: TestServer, slug: string, change = {}): Promise<SamlSp> =>
  samlSp(app, { slug, entityId: `https://${slug}.example`, logout: `https://${slug}.example/slo`, ...change })

/** The request that the browser brings to the application, checked, and then its answer. */
async function answered(page: Page, sp: SamlSp, app: TestServer, slug: string): Promise<string> {
  const url = new URL(page.url)
  assert.equal(url.origin + url.pathname, `https://${slug}.example/slo`)
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
  assert.match(xml, /LogoutRequest/)
  const { profile } = await sp.saml.validateRedirectAsync(
    Object.fromEntries(url.searchParams),
    url.search.slice(1),
  )
  assert.ok(profile)
  const relayState = url.searchParams.get('RelayState') ?? ''
  assert.ok(relayState.length <= 80, 'SAML Bindings §3.4.3')
  const response = deflateRawSync(
    Buffer.from(
      `<p:LogoutResponse xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" InResponseTo="${profile.ID}"/>`,
    ),
  ).toString('base64')
  return `${app.url}/saml/${slug}/sign-out?${new URLSearchParams({ SAMLResponse: response, RelayState: relayState })}`
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: signing out here signs out at each application, one by one`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const [wiki, shop, quiet] = [
      await at(app, 'wiki'),
      await at(app, 'shop'),
      await at(app, 'quiet', { logout: null }),
    ]
    const browser = openPageBrowser(app.url)
    const said = { wiki: await enter(browser, wiki, user), shop: await enter(browser, shop) }
    await enter(browser, quiet)
    const account = await browser.open(`${app.url}/account`)
    let page = await browser.submit(account, {}, '/account/sign-out')
    const order = [/https:\/\/wiki/.test(page.url) ? 'wiki' : 'shop'] as ('wiki' | 'shop')[]
    order.push(order[0] === 'wiki' ? 'shop' : 'wiki')
    for (const slug of order) {
      const sp = slug === 'wiki' ? wiki : shop
      const xml = inflateRawSync(
        Buffer.from(new URL(page.url).searchParams.get('SAMLRequest') ?? '', 'base64'),
      ).toString()
      assert.ok(xml.includes(`>${said[slug].nameID}<`) && xml.includes(`>${said[slug].sessionIndex}<`))
      page = await browser.open(await answered(page, sp, app, slug))
    }
    assert.equal(page.url, `${app.url}/signin`)
    assert.match((await browser.open(`${app.url}/account`)).url, /\/signin/)
  })

  test(
    `${engine.name}: an application that signs out takes the others along, and is answered`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const [wiki, shop] = [await at(app, 'wiki'), await at(app, 'shop')]
      const browser = openPageBrowser(app.url)
      const said = await enter(browser, wiki, user)
      await enter(browser, shop)
      const page = await browser.open(await wiki.signOut(said))
      assert.match((await browser.open(`${app.url}/account`)).url, /\/signin/)
      const back = await answered(page, shop, app, 'shop')
      // The application has the token too: elsewhere it is worth nothing.
      assert.equal((await openPageBrowser(app.url).open(back)).url, `${app.url}/signin`)
      const end = new URL((await browser.open(back)).url)
      assert.equal(end.origin + end.pathname, 'https://wiki.example/slo')
      assert.equal(end.searchParams.get('RelayState'), 'theirs')
      assert.ok(end.searchParams.has('SAMLResponse') && end.searchParams.has('Signature'))
      // Each step counts once; what is unknown leads to the start.
      for (const url of [back, `${app.url}/saml/leave/${'a'.repeat(43)}`])
        assert.equal((await browser.open(url)).url, `${app.url}/signin`)
      for (const relayState of ['', '&RelayState=https://evil.example', `&RelayState=${'a'.repeat(43)}`]) {
        const stray = await browser.open(`${app.url}/saml/wiki/sign-out?SAMLResponse=x${relayState}`)
        assert.equal(stray.url, `${app.url}/signin`)
      }
    },
  )

  test(
    `${engine.name}: signing out of an OpenID client signs out at applications by SAML too`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const wiki = await at(app, 'wiki')
      const bye = 'https://app.example/bye'
      const config = await discover(app, await application(app, { post_logout_redirect_uris: [bye] }))
      const browser = openPageBrowser(app.url)
      const { tokens } = await signInTo(config, { browser, user })
      await enter(browser, wiki)
      const hint = { id_token_hint: tokens.id_token as string, post_logout_redirect_uri: bye }
      const asked = await browser.open(client.buildEndSessionUrl(config, hint).href)
      const page = await browser.submit(asked, { logout: 'yes' })
      assert.equal((await browser.open(await answered(page, wiki, app, 'wiki'))).url, bye)
    },
  )

  test(
    `${engine.name}: another session of the account says nothing to the application`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const wiki = await at(app, 'wiki')
      const [first, second] = [openPageBrowser(app.url), openPageBrowser(app.url)]
      await enter(first, wiki, user)
      const page = await second.open(`${app.url}/signin`)
      await second.submit(await second.submit(page, { username: user.email }), { password: user.password })
      const out = await second.submit(await second.open(`${app.url}/account`), {}, '/account/sign-out')
      assert.equal(out.url, `${app.url}/signin`)
    },
  )
}
