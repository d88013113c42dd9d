import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { asOperator } from '../support/operator.ts'
import { openPageBrowser, type PageBrowser, send } from '../support/page-browser.ts'
import { postedFields, samlSp } from '../support/saml-sp.ts'

const mail = 'urn:oid:0.9.2342.19200300.100.1.3'

async function signIn(browser: PageBrowser, first: Awaited<ReturnType<PageBrowser['open']>>, user: User) {
  const named = await browser.submit(first, { username: user.email })
  return browser.submit(named, { password: user.password })
}
type User = { email: string; password: string }
const deflate = (xml: string): string => deflateRawSync(Buffer.from(xml)).toString('base64')

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(`${engine.name}: a user signs in to an application by SAML, once for several`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const wiki = await samlSp(app)
    const shop = await samlSp(app, {
      ...{ slug: 'shop', entityId: 'https://shop.example', acs: 'https://shop.example/acs' },
      ...{ nameIdFormat: 'email', attributes: { uid: 'id', lang: 'locale' } },
    })
    const browser = openPageBrowser(app.url)
    const page = await signIn(
      browser,
      await browser.open(await wiki.request({ relayState: 'a&b="c"' })),
      user,
    )
    const fields = postedFields(page.text, wiki.acs)
    assert.equal(fields.RelayState, 'a&amp;b=&quot;c&quot;')
    const said = await wiki.read(fields)
    assert.match(said.nameID, /^[\w-]{43}$/)
    assert.equal(said.nameIDFormat, 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent')
    assert.equal(said[mail], user.email)
    // Signed in already: no page but the one that posts. Another application, another name.
    const there = await browser.open(await shop.request({ signs: true }))
    const other = await shop.read(postedFields(there.text, shop.acs))
    assert.deepEqual([other.nameID, other.uid, other.lang], [user.email, user.accountId, 'en'])
    assert.notEqual(other.sessionIndex, said.sessionIndex)
    const again = await wiki.read(postedFields((await browser.open(await wiki.request())).text, wiki.acs))
    assert.equal(again.nameID, said.nameID)
    const token = await asOperator(app)
    const { body } = await app.get('/v1/admin/events?kind=saml_application.entered', { token })
    assert.deepEqual(
      body.events.map(({ details }: { details: { application: string } }) => details.application),
      ['wiki', 'shop', 'wiki'],
    )
  })

  test(
    `${engine.name}: an application asks for two factors, a new sign-in, or no page`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await verifiedUser(app)
      const wiki = await samlSp(app)
      const browser = openPageBrowser(app.url)
      const refused = await browser.open(await wiki.request({ passive: true }))
      const { SAMLResponse = '' } = postedFields(refused.text, wiki.acs)
      const xml = Buffer.from(SAMLResponse, 'base64').toString()
      assert.match(xml, /status:NoPassive/)
      assert.doesNotMatch(xml, /Assertion/)
      await signIn(browser, await browser.open(`${app.url}/signin`), user)
      const passive = await browser.open(await wiki.request({ passive: true }))
      assert.equal((await wiki.read(postedFields(passive.text, wiki.acs)))[mail], user.email)
      app.clock.advance(60_000)
      const forced = await browser.open(await wiki.request({ forces: true }))
      assert.match(forced.text, /type="password"/)
      const done = await browser.submit(forced, { password: user.password })
      await wiki.read(postedFields(done.text, wiki.acs))
      const strict = await samlSp(app, { slug: 'strict', acr: 'aal2' })
      const more = await browser.open(await strict.request())
      assert.doesNotMatch(more.text, /SAMLResponse/)
    },
  )

  test(
    `${engine.name}: a sign-out that an application asks for ends the session, and returns`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [kim, lee] = [await verifiedUser(app), await verifiedUser(app)]
      const wiki = await samlSp(app)
      const [ofKim, ofLee] = [openPageBrowser(app.url), openPageBrowser(app.url)]
      const page = await signIn(ofKim, await ofKim.open(await wiki.request()), kim)
      const said = await wiki.read(postedFields(page.text, wiki.acs))
      await signIn(ofLee, await ofLee.open(`${app.url}/signin`), lee)
      const redirect = async (browser: PageBrowser, url: string) => {
        const cookies = browser.cookies().map(({ name, value }) => `${name}=${value}`)
        const navigation = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
        const reply = await send(url, undefined, {
          ...{ accept: 'text/html', cookie: cookies.join('; '), ...navigation },
          'sec-fetch-dest': 'document',
        })
        return { status: reply.status, location: reply.headers.get('location') ?? reply.text }
      }
      // Another user's browser, with a request about kim: nothing ends.
      const { location } = await redirect(ofLee, await wiki.signOut(said))
      assert.match(location, /^https:\/\/wiki\.example\/slo\?SAMLResponse=/)
      assert.match((await ofLee.open(`${app.url}/account`)).url, /\/account$/)
      assert.match((await ofKim.open(`${app.url}/account`)).url, /\/account$/)
      const unsigned = new URL(await wiki.signOut(said))
      for (const name of ['Signature', 'SigAlg']) unsigned.searchParams.delete(name)
      assert.equal((await redirect(ofKim, unsigned.href)).status, 400)
      const gone = await redirect(ofKim, await wiki.signOut(said))
      const answer = new URL(gone.location)
      assert.equal(answer.searchParams.get('RelayState'), 'theirs')
      const xml = inflateRawSync(
        Buffer.from(answer.searchParams.get('SAMLResponse') ?? '', 'base64'),
      ).toString()
      assert.match(xml, /status:Success/)
      await wiki.saml.validateRedirectAsync(Object.fromEntries(answer.searchParams), answer.search.slice(1))
      assert.match((await ofKim.open(`${app.url}/account`)).url, /\/signin/)
    },
  )

  test(`${engine.name}: what an application did not ask for is refused`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const wiki = await samlSp(app)
    const strict = await samlSp(app, { slug: 'strict', signedRequests: true })
    const browser = openPageBrowser(app.url)
    await signIn(browser, await browser.open(`${app.url}/signin`), user)
    const good = await wiki.request()
    const changed = (change: (xml: string) => string, base = good): string => {
      const url = new URL(base)
      const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
      url.searchParams.set('SAMLRequest', deflate(change(xml)))
      return url.href
    }
    const cases: Record<string, string> = {
      'another address': changed((xml) =>
        xml.replace('https://wiki.example/acs', 'https://evil.example/acs'),
      ),
      'another application': changed((xml) =>
        xml.replace('>https://wiki.example/saml<', '>https://evil.example<'),
      ),
      'another server': changed((xml) =>
        xml.replace(/Destination="[^"]*"/, 'Destination="https://x.example/"'),
      ),
      'too old': changed((xml) => xml.replace(/IssueInstant="[^"]*"/, 'IssueInstant="2020-01-01T00:00:00Z"')),
      'a document type': changed((xml) => `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${xml}`),
      'a bomb': changed(() => 'a'.repeat(5_000_000)),
      'no XML': changed(() => 'hello'),
      'no request': `${app.url}/saml/wiki/sign-in`,
      'no base64': `${app.url}/saml/wiki/sign-in?SAMLRequest=%`,
      'a signature of another': `${await wiki.request()}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=AAAA`,
      'SHA-1': `${await wiki.request()}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1&Signature=AAAA`,
      'a stripped signature': await strict.request(),
    }
    for (const [name, url] of Object.entries(cases)) {
      const { status, text } = await browser.open(url)
      assert.equal(status, 400, name)
      assert.doesNotMatch(text, /evil\.example"|SAMLResponse/, name)
    }
    const signed = await strict.request({ signs: true })
    await strict.read(postedFields((await browser.open(signed)).text, strict.acs))
    const { searchParams } = new URL(signed)
    const twice = `${signed}&SAMLRequest=${encodeURIComponent(searchParams.get('SAMLRequest') ?? '')}`
    assert.equal((await browser.open(twice)).status, 400)
    assert.equal((await browser.open(`${app.url}/saml/none/sign-in`)).status, 404)
    // Only with the application's leave does a sign-in begin here.
    assert.equal((await browser.open(`${app.url}/saml/wiki/start`)).status, 404)
    const portal = await samlSp(app, { slug: 'portal', unsolicited: true })
    const begun = await browser.open(`${app.url}/saml/portal/start`)
    const { SAMLResponse = '' } = postedFields(begun.text, portal.acs)
    assert.doesNotMatch(Buffer.from(SAMLResponse, 'base64').toString(), /InResponseTo/)
    assert.equal((await portal.read({ SAMLResponse }))[mail], user.email)
    // A token of one application is none of another, and ends.
    const token = /\/continue\/([^"?]+)/.exec((await openPageBrowser(app.url).open(good)).url)?.[1]
    assert.ok(token === undefined || token.length > 20)
    assert.match((await browser.open(`${app.url}/saml/wiki/continue/v1.AAAA`)).text, /took too long/)
  })

  test(
    `${engine.name}: who has no verified address is told, and signs in to no one else's account`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const user = await app.user()
      const shop = await samlSp(app, { nameIdFormat: 'email' })
      const browser = openPageBrowser(app.url)
      const page = await signIn(browser, await browser.open(await shop.request()), user)
      assert.match(page.text, /A verified address is needed/)
      assert.doesNotMatch(page.text, /SAMLResponse/)
      const wiki = await samlSp(app, { slug: 'wiki2' })
      const said = await wiki.read(postedFields((await browser.open(await wiki.request())).text, wiki.acs))
      assert.equal(said[mail], undefined)
    },
  )
}
