import assert from 'node:assert/strict'
import { test } from 'node:test'
import { updateOrganisation } from '../../src/engine/organisations/organisations.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { asOperator } from '../support/operator.ts'
import { join, organisation } from '../support/organisations.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { postedFields, samlSp } from '../support/saml-sp.ts'

for (const engine of engines) {
  const options = { skip: engine.skip }

  test(
    `${engine.name}: an application of an organisation takes its members, and is told their roles`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const [kim, lee, own] = [await verifiedUser(app), await verifiedUser(app), await organisation(app)]
      await join(app, own, { accountId: kim.accountId, roles: ['billing', 'reader'] })
      const wiki = await samlSp(app, {
        organisationId: own.id,
        attributes: { mail: 'email', groups: 'org_roles', company: 'org_id' },
      })
      const enter = async (user: typeof kim) => {
        const browser = openPageBrowser(app.url)
        const named = await browser.submit(await browser.open(await wiki.request()), { username: user.email })
        return { browser, page: await browser.submit(named, { password: user.password }) }
      }
      const { browser, page } = await enter(kim)
      const said = await wiki.read(postedFields(page.text, wiki.acs))
      assert.deepEqual([said.groups, said.company, said.mail], [['billing', 'reader'], own.id, kim.email])
      const other = await enter(lee)
      assert.match(other.page.text, /You are not a member/)
      assert.doesNotMatch(other.page.text, /SAMLResponse/)
      // What the organisation asks for counts, and a disabled one lets no one in.
      const { engine: running } = app.running
      const change = (revision: number, changes: object) =>
        updateOrganisation(running, {
          ...{ organisation: { ...own, revision }, revision: null, change: changes, actor: 'test' },
        })
      const strict = await change(own.revision, { policy: { acr: 'aal2' } })
      const asked = await browser.open(await wiki.request())
      assert.match(asked.url, /\/signin\/atm_|\/signin\//)
      assert.doesNotMatch(asked.text, /SAMLResponse/)
      await change(strict.revision, { policy: {}, state: 'disabled' })
      assert.match((await browser.open(await wiki.request())).text, /You are not a member/)
    },
  )

  test(`${engine.name}: assertions are encrypted for an application that asks for it`, options, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const wiki = await samlSp(app, { encrypts: true })
    const browser = openPageBrowser(app.url)
    const named = await browser.submit(await browser.open(await wiki.request()), { username: user.email })
    const page = await browser.submit(named, { password: user.password })
    const fields = postedFields(page.text, wiki.acs)
    const xml = Buffer.from(fields.SAMLResponse ?? '', 'base64').toString()
    assert.match(xml, /<saml:EncryptedAssertion>[\s\S]*xmlenc11#aes256-gcm/)
    assert.doesNotMatch(xml, new RegExp(`<saml:Assertion|${user.email}`))
    assert.match((await wiki.read(fields)).nameID, /^[\w-]{43}$/)
  })

  test(`${engine.name}: what does not fit an application is refused`, options, async (t) => {
    const app = await server(t, { engine })
    const [token, own] = [await asOperator(app), await organisation(app)]
    const { metadata } = await samlSp(app, { slug: 'another' })
    const add = (slug: string, body: object) =>
      app.post('/v1/admin/saml-applications', { json: { slug, metadata: metadata(), ...body }, token })
    const good = { organisation: own.id, encrypted_assertions: true, attributes: { groups: 'org_roles' } }
    const made = await add('wiki', good)
    assert.deepEqual(
      [made.status, made.body.organisation, made.body.encrypted_assertions, made.body.logout_response_url],
      [201, own.id, true, 'https://wiki.example/slo'],
    )
    const none = await add('roles', { attributes: { groups: 'org_roles' } })
    assert.deepEqual([none.status, none.body.code], [400, 'invalid_fields'])
    const plain = metadata().replace('<md:KeyDescriptor>', '<md:KeyDescriptor use="signing">')
    const noKey = await add('nokey', { metadata: plain, encrypted_assertions: true })
    assert.match(noKey.body.detail, /no certificate for encryption/)
    const unknown = await add('unknown', { organisation: `org_${'0'.repeat(26)}` })
    assert.equal(unknown.status, 404)
  })
}
