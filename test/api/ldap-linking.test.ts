import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { connectLdap, sharedSlapd, signInLdap } from '../support/ldap.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { skipWithoutSlapd } from '../support/slapd.ts'

for (const engine of engines) {
  const options = { skip: engine.skip || skipWithoutSlapd }

  test(
    `${engine.name}: a user links the company's directory on the account page, and signs in by it`,
    options,
    async (t) => {
      const [app, slapd] = [await server(t, { engine }), await sharedSlapd()]
      await connectLdap(app, slapd)
      const [kim, lee] = [await app.user(), await app.user()]
      const signedIn = async (user: typeof kim) => {
        const browser = openPageBrowser(app.url)
        const named = await browser.submit(await browser.open(`${app.url}/signin`), { username: user.email })
        return { browser, page: await browser.submit(named, { password: user.password }) }
      }
      const { browser, page } = await signedIn(kim)
      const asked = await browser.submit(page, {}, '/account/connections/corp')
      assert.match(asked.url, /\/account\/connections\/corp\/name$/)
      assert.match(asked.text, /<h1>Link Company account<\/h1>/)
      const wrong = await browser.submit(asked, { username: 'akim ', password: 'pw-wrong' })
      assert.match(wrong.text, /The user name or password is not right/)
      assert.match(wrong.text, /value="akim/)
      const disabled = await browser.submit(wrong, { username: 'dcho', password: 'pw-dcho' })
      assert.match(disabled.text, /Your account is disabled at your organisation/)
      const empty = await browser.submit(disabled, { username: 'akim', password: '' })
      assert.doesNotMatch(empty.url, /said=linked/)
      const again = await browser.open(`${app.url}/account/connections/corp/name`)
      const linked = await browser.submit(again, { username: 'akim ', password: 'pw-akim' })
      assert.match(linked.url, /\/account\?said=linked/)
      assert.match(linked.text, /akim\.mail@corp\.example/)
      const done = await signInLdap(app, { username: 'akim', password: 'pw-akim' })
      const me = await app.get('/v1/me', { token: done.body.access_token })
      assert.equal(me.body.id, kim.accountId)
      // It belongs to one account.
      const other = await signedIn(lee)
      const form = await other.browser.open(`${app.url}/account/connections/corp/name`)
      const taken = await other.browser.submit(form, { username: 'akim', password: 'pw-akim' })
      assert.match(taken.url, /fault=conflict/)
    },
  )

  test(`${engine.name}: an account is no way to guess passwords of the directory`, options, async (t) => {
    const [app, slapd] = [await server(t, { engine }), await sharedSlapd()]
    await connectLdap(app, slapd)
    const user = await app.user()
    const link = (username: string, password: string) =>
      app.post('/v1/me/credentials/ldap/answer', {
        json: { username, password, connection: 'corp' },
        token: user.accessToken,
      })
    const statuses: number[] = []
    // One name in many spellings is one name, and the form of sign-in counts along.
    for (const username of ['akim', 'AKIM', 'CORP\\akim', 'akim', 'Akim', 'AKim', 'akiM'])
      statuses.push((await link(username, 'pw-wrong')).status)
    assert.equal(statuses[0], 422)
    assert.equal(statuses.at(-1), 429, statuses.join())
    assert.equal((await signInLdap(app, { username: 'akim', password: 'pw-akim' })).status, 429)
    assert.equal((await link('akim', 'pw-akim')).status, 429)
    const right = await link('ckim', 'pw-ckim')
    assert.equal(right.status, 201, JSON.stringify(right.body))
    assert.equal(right.body.credential.details?.email ?? 'ckim.mail@corp.example', 'ckim.mail@corp.example')
  })
}
