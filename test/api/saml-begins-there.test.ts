import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { connectSaml, samlIdp } from '../support/saml-idp.ts'

/** A tile in the company's portal: the browser posts what the provider made by itself. */
async function fromPortal(app: TestServer, response: string, relayState?: string) {
  const reply = await fetch(`${app.url}/v1/callback/corp`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ SAMLResponse: response, ...(relayState && { RelayState: relayState }) }),
  })
  return { status: reply.status, location: reply.headers.get('location'), text: await reply.text() }
}

for (const engine of engines)
  test(`${engine.name}: a sign-in begins at the identity provider by setting only, and asks it once more`, {
    skip: engine.skip,
  }, async (t) => {
    const [app, idp] = [await server(t, { engine }), await samlIdp()]
    await connectSaml(app, idp)
    const { body } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
    const begun = await app.post(`/v1/attempts/${body.id}/saml`, { json: { connection: 'corp' } })
    const redirect = begun.body.challenge.redirect_url as string
    const { SAMLResponse } = idp.answer(redirect, { inResponseTo: '_nothing', nameId: 'attacker' })
    const closed = await fromPortal(app, SAMLResponse)
    assert.equal(closed.location, null)

    const { engine: running } = app.running
    const connection = await running.store.connections.findBySlug('corp')
    assert.ok(connection)
    await running.store.connections.update({
      ...connection,
      settings: { ...connection.settings, idp_initiated: true },
    })
    for (const relayState of [undefined, '', 'https://evil.example/', 'tkt_0']) {
      const opened = await fromPortal(app, SAMLResponse, relayState)
      assert.deepEqual([opened.status, opened.location], [303, '/signin/with/corp'], relayState)
    }
    // What was posted says nothing of who signs in: the browser's own request does.
    const browser = openPageBrowser(app.url)
    const page = await browser.open(`${app.url}/signin/with/corp`)
    const departed = await browser.submit(page, {})
    const url = /href="(https:\/\/idp\.corp\.example[^"]*)"/
      .exec(departed.text)?.[1]
      ?.replaceAll('&amp;', '&')
    assert.ok(url, departed.text)
    assert.match(url, /SAMLRequest=/)
    await running.store.connections.update({
      ...connection,
      revision: connection.revision + 1,
      state: 'disabled',
      settings: { ...connection.settings, idp_initiated: true },
    })
    assert.equal((await fromPortal(app, SAMLResponse)).location, null)
  })
