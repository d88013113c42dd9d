import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { server, type TestServer } from '../support/fixture.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { openPageBrowser, type PageBrowser } from '../support/page-browser.ts'
import { samlIdp, sign } from '../support/saml-idp.ts'
import { postedFields, type SamlSp, samlSp } from '../support/saml-sp.ts'

/** The request as it stands in a form. */
async function requestOf(sp: SamlSp): Promise<string> {
  const { searchParams } = new URL(await sp.request())
  return inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
}

/** A form of the application's page, which is another site. */
async function post(
  app: TestServer,
  slug: string,
  xml: string,
): Promise<{ status: number; location: string }> {
  const reply = await fetch(`${app.url}/saml/${slug}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: 'here' }),
  })
  const said = await reply.text()
  return { status: reply.status, location: reply.headers.get('location') ?? said }
}

async function signedIn(app: TestServer): Promise<PageBrowser> {
  const [user, browser] = [await verifiedUser(app), openPageBrowser(app.url)]
  const first = await browser.submit(await browser.open(`${app.url}/signin`), { username: user.email })
  await browser.submit(first, { password: user.password })
  return browser
}

test('a posted request counts as it was signed, and not as it was wrapped', async (t) => {
  const app = await server(t)
  const strict = await samlSp(app, { slug: 'strict', signedRequests: true })
  const { privatePem, certificate } = strict.key
  const plain = await requestOf(strict)
  const signed = sign(plain, 'AuthnRequest', { privatePem, certificate })
  const taken = await post(app, 'strict', signed)
  assert.equal(taken.status, 303, taken.location)
  const browser = await signedIn(app)
  const page = await browser.open(app.url + taken.location)
  const fields = postedFields(page.text, strict.acs)
  assert.equal(fields.RelayState, 'here')
  await strict.read(fields)

  const other = await samlIdp()
  const evil = plain
    .replace(/ID="[^"]*"/, 'ID="_evil"')
    .replace('ForceAuthn', 'IsPassive="true" ForceAuthn')
    .replace('<samlp:AuthnRequest', '<samlp:AuthnRequest IsPassive="true"')
  const signature = /<ds:Signature.*<\/ds:Signature>/s.exec(signed)?.[0] ?? ''
  const afterIssuer = (xml: string, more: string) => xml.replace(/<\/saml:Issuer>/, `</saml:Issuer>${more}`)
  const attacks: Record<string, string> = {
    'nothing is signed': plain,
    'by another key': sign(plain, 'AuthnRequest', other),
    'SHA-1': sign(plain, 'AuthnRequest', { privatePem, certificate }, { algorithm: 'sha1' }),
    'changed afterwards': signed.replace('Version="2.0"', 'Version="2.0" IsPassive="true"'),
    'the signed one within another': afterIssuer(
      evil,
      signature.replace('</ds:Signature>', `<ds:Object>${signed}</ds:Object></ds:Signature>`),
    ),
    'the signed one as an extension': afterIssuer(
      evil,
      `${signature}<samlp:Extensions>${signed}</samlp:Extensions>`,
    ),
    'the signature of another request': afterIssuer(evil, signature),
    'two signatures': afterIssuer(signed, signature),
    'a document type': `<!DOCTYPE a>${signed}`,
    'two roots': `${signed}${signed}`,
    'a comment in the issuer': sign(
      plain.replace('wiki.example/saml<', 'wiki.example/saml<!-- -->.evil<'),
      'AuthnRequest',
      other,
    ),
  }
  for (const [name, xml] of Object.entries(attacks))
    assert.equal((await post(app, 'strict', xml)).status, 400, name)
  for (const body of ['', '<', Buffer.alloc(300_000, 'a').toString(), '\u0000'])
    assert.ok([400, 413].includes((await post(app, 'strict', body)).status))
})

test('a pending request is of one application, for a quarter of an hour, and for its addresses', async (t) => {
  const app = await server(t)
  const [wiki] = [await samlSp(app), await samlSp(app, { slug: 'other', entityId: 'https://other.example' })]
  const browser = await signedIn(app)
  const { location } = await post(app, 'wiki', await requestOf(wiki))
  const open = (path: string) => browser.open(app.url + path)
  await wiki.read(postedFields((await open(location)).text, wiki.acs))
  assert.match((await open(location.replace('/wiki/', '/other/'))).text, /took too long/)
  assert.match((await open(`${location}A`)).text, /took too long/)
  app.clock.advance(16 * 60_000)
  assert.match((await open(location)).text, /took too long/)
  // Long, but no longer than a page carries.
  assert.ok((await open(`/saml/wiki/continue/v1.${'A'.repeat(7000)}`)).status >= 400)
})

test('a name and an attribute are text, whatever they hold', async (t) => {
  const app = await server(t)
  const wiki = await samlSp(app, { attributes: { name: 'name' } })
  const user = await verifiedUser(app)
  const name = '<a href="x">&amp; ]]> 김 \u{1F600} "\'</saml:AttributeValue>'
  await app.call('PATCH', '/v1/me', { token: user.accessToken, json: { name } })
  const browser = openPageBrowser(app.url)
  const first = await browser.submit(await browser.open(await wiki.request()), { username: user.email })
  const page = await browser.submit(first, { password: user.password })
  assert.equal((await wiki.read(postedFields(page.text, wiki.acs))).name, name)
})
