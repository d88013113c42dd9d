import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsServer } from '../support/dns-server.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { join, organisation } from '../support/organisations.ts'
import { openPageBrowser, type PageBrowser } from '../support/page-browser.ts'
import { samlIdp } from '../support/saml-idp.ts'

const data = (app: TestServer) => app.environment.SUMUN_DATA as string
const linkTo = async (app: TestServer, email: string): Promise<string> => {
  const mail = await messageTo(data(app), email, ({ link }) => link?.pathname === '/join')
  return String(mail.link)
}

async function signedIn(app: TestServer, user: { email: string; password: string }): Promise<PageBrowser> {
  const browser = openPageBrowser(app.url)
  const first = await browser.submit(await browser.open(`${app.url}/signin`), { username: user.email })
  await browser.submit(first, { password: user.password })
  return browser
}

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an admin invites on the page; a newcomer signs up by the link, though sign-up is closed, and joins`,
    options,
    async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_SIGNUP: 'open' } })
      const kim = await verifiedUser(app)
      const own = await organisation(app)
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      app.running.engine.settings.signUp = 'closed'
      const browser = await signedIn(app, kim)
      const overview = await browser.open(`${app.url}/account`)
      assert.match(overview.text, /My organisations/)
      const list = await browser.open(`${app.url}/account/organisations`)
      assert.match(list.text, /한강전기/)
      const page = await browser.open(`${app.url}/account/organisations/${own.id}`)
      const sent = await browser.submit(page, { email: 'lee@corp.example', admin: 'yes' })
      assert.match(sent.text, /The invitation is on its way/)
      assert.match(sent.text, /lee<wbr>@corp\.example/)

      const link = await linkTo(app, 'lee@corp.example')
      const lee = openPageBrowser(app.url)
      const asked = await lee.open(link)
      assert.match(asked.text, /Join 한강전기\?/)
      const form = await lee.submit(asked, {
        token: new URL(link).searchParams.get('token') ?? '',
        next: 'signup',
      })
      assert.match(form.text, /value="lee@corp\.example"/)
      // The invitation lets no other address in.
      const invitation = new URL(link).searchParams.get('token') as string
      const other = await app.post('/v1/accounts', {
        json: { email: 'park@corp.example', password: kim.password, invitation },
      })
      assert.equal(other.body.code, 'invitation_required')
      const how = await lee.submit(form, { email: 'lee@corp.example' })
      const confirm = await lee.submit(how, { password: 'a lighthouse keeper and two gulls' })
      const early = await lee.open(`${app.url}/account/join`)
      assert.match(early.text, /The invitation is for lee/)
      assert.match((await lee.open(`${app.url}/account`)).text, /한강전기 invites you/)
      const { code = '' } = await messageTo(data(app), 'lee@corp.example', (one) => one.code !== undefined)
      const ask = await lee.submit(confirm, { code })
      assert.equal(new URL(ask.url).pathname, '/account/join')
      assert.match(ask.text, /You were invited as lee/)
      const joined = await lee.submit(ask, {}, '/account/join')
      assert.match(joined.text, /You have joined/)
      assert.match(joined.text, /Manage/)
      const used = await lee.open(link)
      assert.deepEqual([used.status, /This invitation is over/.test(used.text)], [410, true])
    },
  )

  test(
    `${engine.name}: a forwarded invitation is of no use, and a withdrawn one says so`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [kim, park] = [await verifiedUser(app), await verifiedUser(app)]
      const lee = await verifiedUser(app)
      const own = await organisation(app)
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const admin = await signedIn(app, kim)
      const path = `${app.url}/account/organisations/${own.id}`
      await admin.submit(await admin.open(path), { email: lee.email })
      const link = await linkTo(app, lee.email)
      const stranger = await signedIn(app, park)
      const shown = await stranger.open(link)
      assert.match(shown.text, /has not confirmed that address/)
      assert.ok(!shown.text.includes('action="/account/join"'))
      const forced = await app.post('/v1/me/organisations', {
        token: park.accessToken,
        json: { token: new URL(link).searchParams.get('token') },
      })
      assert.equal(forced.body.code, 'invitation_of_another')
      const page = await admin.open(path)
      const withdraw = /action="(\/account\/organisations\/[^"]*\/withdraw)"/.exec(page.text)?.[1] as string
      assert.match((await admin.submit(page, {}, withdraw)).text, /Removed/)
      const late = await openPageBrowser(app.url).open(link)
      assert.equal(late.status, 410)
    },
  )

  test(
    `${engine.name}: an admin verifies a domain and changes roles on the page; the last admin stays`,
    options,
    async (t) => {
      const dns = await dnsServer(t)
      const app = await server(t, { engine, settings: { SUMUN_DNS_SERVERS: dns.address } })
      const [kim, lee] = [await verifiedUser(app), await verifiedUser(app)]
      const own = await organisation(app)
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      await join(app, own, { accountId: lee.accountId, roles: ['billing'] })
      const admin = await signedIn(app, kim)
      const path = `/account/organisations/${own.id}`
      const first = await admin.open(app.url + path)
      const claimed = await admin.submit(first, { domain: 'Corp.Example' })
      const value = /sumun-domain-verification=[\w-]+/.exec(claimed.text)?.[0] as string
      const missing = await admin.submit(claimed, {}, `${path}/domains/corp.example/verify`)
      assert.match(missing.text, /The TXT record was not found/)
      dns.records.set('_sumun-challenge.corp.example', [value])
      const verified = await admin.submit(missing, {}, `${path}/domains/corp.example/verify`)
      assert.match(verified.text, /class="mark">Verified/)
      const bad = await admin.submit(verified, { domain: 'not a domain' })
      assert.match(bad.text, /role="alert"/)
      const kept = await admin.submit(bad, {}, `${path}/members/${kim.accountId}/not-admin`)
      assert.match(kept.text, /This is the last admin/)
      const raised = await admin.submit(kept, {}, `${path}/members/${lee.accountId}/admin`)
      assert.match(raised.text, /billing|Admin/)
      const left = await admin.submit(
        await admin.open(`${app.url}/account/organisations`),
        {},
        `${path}/leave`,
      )
      assert.match(left.text, /You have left/)
      // No longer an admin, and no member: the page does not exist.
      assert.equal((await admin.open(app.url + path)).status, 404)
    },
  )

  test(
    `${engine.name}: an organisation has at most 20 providers, however many are added at once, by page and by API`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const idp = await samlIdp()
      const kim = await verifiedUser(app)
      const own = await organisation(app)
      await join(app, own, { accountId: kim.accountId, roles: ['admin'] })
      const [admin, page] = [await signedIn(app, kim), `/account/organisations/${own.id}`]
      const shown = await admin.open(app.url + page)
      const oidc = { preset: 'oidc', client_id: 'ours', settings: { issuer: 'https://id.corp.example' } }
      const [path, token] = [`/v1/organisations/${own.id}/connections`, kim.accessToken]
      const add = (slug: string) => app.post(path, { token, json: { ...oidc, slug } })
      for (let n = 1; n < 20; n++) assert.equal((await add(`number-${n}`)).status, 201)
      const [pasted, ...replies] = await Promise.all([
        admin.submit(shown, { metadata: idp.metadata() }, `${page}/connections`),
        ...[1, 2, 3].map((n) => add(`late-${n}`)),
      ])
      const refused = replies.filter(({ body }) => body.code === 'invalid_fields').length
      const isOnPage = /role="alert"/.test(pasted.text)
      assert.equal(refused + Number(isOnPage), 3, JSON.stringify(replies.map(({ body }) => body)))
      const { body } = await app.get(`${path}?limit=50`, { token })
      assert.equal(body.connections.length, 20)
    },
  )
}
