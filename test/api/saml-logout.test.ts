import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { connectSaml, type SamlIdp, samlAnswerOf, samlIdp } from '../support/saml-idp.ts'

async function signIn(app: TestServer, idp: SamlIdp, nameId: string) {
  const { body: attempt } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
  const begun = await app.post(`/v1/attempts/${attempt.id}/saml`, { json: { connection: 'corp' } })
  const answer = samlAnswerOf(idp.answer(begun.body.challenge.redirect_url, { nameId }))
  const done = await app.post(`/v1/attempts/${attempt.id}/saml/answer`, { json: answer })
  assert.equal(done.status, 200, JSON.stringify(done.body))
  return done.body.access_token as string
}
const isIn = async (app: TestServer, token: string) => (await app.get('/v1/me', { token })).status === 200
const pathOf = (url: string) => url.slice(url.indexOf('/v1/'))

for (const engine of engines)
  test(`${engine.name}: who signs out at the identity provider is signed out here, and nobody else`, {
    skip: engine.skip,
  }, async (t) => {
    const [app, idp, stranger] = [await server(t, { engine }), await samlIdp(), await samlIdp()]
    await connectSaml(app, idp)
    const [kim, lee] = [await signIn(app, idp, 'kim'), await signIn(app, idp, 'lee')]
    const destination = `${app.url}/v1/connections/corp/logout`
    const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
    const good = idp.logout(destination, { nameId: 'kim' })
    for (const [name, url] of Object.entries({
      'without a signature': good.replace(/&Signature=.*/, ''),
      'with the key of another': idp.logout(destination, { nameId: 'kim', key: stranger.privatePem }),
      'by SHA-1': idp.logout(destination, { nameId: 'kim', algorithm: sha1 }),
      'for another address': idp
        .logout('https://other.example/logout', { nameId: 'kim' })
        .replace('https://other.example/logout', destination),
      'of another issuer': idp.logout(destination, {
        nameId: 'kim',
        change: (xml) => xml.replace(idp.entityId, stranger.entityId.replace('corp', 'evil')),
      }),
      'an hour old': idp.logout(destination, { nameId: 'kim', now: Date.now() - 3_600_000 }),
      'with a parameter twice': `${good}&SAMLRequest=x`,
      'with another RelayState': good.replace('theirs', 'ours'),
      'with a document type': idp.logout(destination, {
        nameId: 'kim',
        change: (xml) => `<!DOCTYPE x>${xml}`,
      }),
      'that inflates to gigabytes': idp.logout(destination, {
        nameId: 'kim',
        change: (xml) => xml.replace('kim', 'k'.repeat(10_000_000)),
      }),
      'that is no request': good.replace(/SAMLRequest=[^&]*/, 'SAMLRequest=%'),
    })) {
      const { status, body } = await app.get(pathOf(url))
      assert.deepEqual([status, body.code], [400, 'malformed_request'], name)
      assert.ok(await isIn(app, kim), name)
    }
    const reply = await app.get(pathOf(good))
    assert.equal(reply.status, 303, JSON.stringify(reply.body))
    const back = new URL(reply.headers.get('location') ?? '')
    assert.equal(`${back.origin}${back.pathname}`, `${idp.signInUrl}/out`)
    const response = inflateRawSync(
      Buffer.from(back.searchParams.get('SAMLResponse') ?? '', 'base64'),
    ).toString()
    assert.match(response, /InResponseTo="_[0-9a-f]{32}"[\s\S]*status:Success/)
    assert.deepEqual(
      [back.searchParams.get('RelayState'), back.searchParams.has('Signature')],
      ['theirs', true],
    )
    assert.deepEqual([await isIn(app, kim), await isIn(app, lee)], [false, true])
    // The same request again ends no later session.
    const again = await signIn(app, idp, 'kim')
    assert.equal((await app.get(pathOf(good))).status, 303)
    assert.ok(await isIn(app, again))
    assert.equal((await app.get('/v1/connections/corp/logout')).headers.get('location'), '/signin')
    assert.equal((await app.get('/v1/connections/none/logout?SAMLRequest=x')).status, 404)
  })

test('signing out here signs out at the identity provider, where the connection says so', async (t) => {
  const [app, idp] = [await server(t), await samlIdp()]
  await connectSaml(app, idp, { settings: { sign_out: true } })
  const browser = openPageBrowser(app.url)
  const first = await browser.open(`${app.url}/signin`)
  const there = await browser.submit(first, {}, '/signin/with/corp')
  const { SAMLResponse, RelayState } = idp.answer(there.url, { nameId: 'kim@corp.example' })
  const posted = await fetch(`${app.url}/v1/callback/corp`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ SAMLResponse, RelayState }),
  })
  const page = { ...first, url: `${app.url}/v1/callback/corp`, text: await posted.text() }
  await browser.submit(page, {}, '/signin/callback/corp')
  const account = await browser.open(`${app.url}/account`)
  const out = await browser.submit(account, {}, '/account/sign-out')
  assert.ok(out.url.startsWith(`${idp.signInUrl}/out?`), out.url)
  const asked = new URL(out.url).searchParams
  const request = inflateRawSync(Buffer.from(asked.get('SAMLRequest') ?? '', 'base64')).toString()
  assert.match(request, /LogoutRequest[\s\S]*kim@corp\.example[\s\S]*s1/)
  assert.ok(asked.has('Signature'))
})
