import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { prepareApache, withoutApacheModule } from '../support/apache.ts'
import { endWith } from '../support/child.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { application, callback, discover, request, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { freePort } from '../support/postgres.ts'
import { signInAtPage } from '../support/sign-in-page.ts'

// Independent client libraries, with a real browser at the sign-in page.
const python = '/usr/bin/python3'
function withoutAuthlib(): false | string {
  try {
    execFileSync(python, ['-c', 'import authlib, requests'], { stdio: 'ignore' })
    return false
  } catch {
    return 'python3-authlib and python3-requests of Debian are not installed'
  }
}

test('Apache with mod_auth_openidc signs a user in', {
  skip: withoutApacheModule('auth_openidc') || skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const apache = await prepareApache(t, 'auth_openidc')
  const { home } = apache
  const { id, secret } = await application(app, { redirect_uris: [`${home}/callback`] })
  await apache.start(`
OIDCProviderMetadataURL ${app.url}/.well-known/openid-configuration
OIDCClientID ${id}
OIDCClientSecret ${secret}
OIDCRedirectURI ${home}/callback
OIDCCryptoPassphrase ${'x'.repeat(32)}
OIDCPKCEMethod S256
OIDCScope "openid email"
OIDCRemoteUserClaim email
<Location />
  AuthType openid-connect
  Require valid-user
  Header set X-Remote-User "expr=%{REMOTE_USER}"
</Location>
`)
  const page = await (await openBrowser(t)).newPage()
  const remoteUsers: (string | undefined)[] = []
  page.on('response', (response) => {
    if (response.url() === `${home}/` && response.status() === 200)
      remoteUsers.push(response.headers()['x-remote-user'])
  })
  await page.goto(`${home}/`)
  assert.match(await page.title(), /Sign in to Paper Boats/)
  await signInAtPage(page, user)
  await page
    .getByText('members only')
    .waitFor()
    .catch((error) => {
      throw new Error(`${error.message} at ${page.url()}\n${apache.errors()}`)
    })
  assert.deepEqual(remoteUsers, [user.email])
})

test('authlib signs a user in, reads userinfo, and refreshes', {
  skip: withoutAuthlib() || skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const port = await freePort()
  const { id, secret } = await application(app, { redirect_uris: [`http://127.0.0.1:${port}/callback`] }, {})
  const client = spawn(python, [
    join(import.meta.dirname, 'authlib_client.py'),
    app.url,
    id,
    secret as string,
    String(port),
  ])
  endWith(t, client)
  let complaints = ''
  client.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]()
  assert.equal((await lines.next()).value, '{"ready": true}', complaints)
  const page = await (await openBrowser(t)).newPage()
  await page.goto(`http://127.0.0.1:${port}/`)
  await signInAtPage(page, user)
  await page.click('button[value=allow]')
  await page.waitForURL(/\/callback/, { timeout: 20_000 }).catch((error) => {
    throw new Error(`${error.message}\n${complaints}`)
  })
  const said = JSON.parse(String((await lines.next()).value ?? `"${complaints}"`))
  assert.deepEqual(said, { sub: user.accountId, email: user.email, refreshed: true })
})

test('oauth4webapi, a strict client, accepts every response', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const registered = await application(app)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(app.url)
  for (const algorithm of ['oidc', 'oauth2'] as const)
    await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm, ...insecure }),
    )
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  const own: oauth.Client = { client_id: registered.id }
  const authentication = oauth.ClientSecretBasic(registered.secret as string)
  const asked = await request(await discover(app, registered))
  const page = await signInBy(openPageBrowser(app.url), asked.url, user)
  const parameters = oauth.validateAuthResponse(as, own, new URL(page.url), asked.state)
  const reply = await oauth.authorizationCodeGrantRequest(
    as,
    own,
    authentication,
    parameters,
    callback,
    asked.verifier,
    insecure,
  )
  const tokens = await oauth.processAuthorizationCodeResponse(as, own, reply, {
    expectedNonce: asked.nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(as, reply, insecure)
  const userinfo = await oauth.userInfoRequest(as, own, tokens.access_token, insecure)
  assert.equal((await oauth.processUserInfoResponse(as, own, user.accountId, userinfo)).email, user.email)
  const looked = await oauth.introspectionRequest(as, own, authentication, tokens.access_token, insecure)
  assert.equal((await oauth.processIntrospectionResponse(as, own, looked)).active, true)
  const incoming = new Request(`${app.url}/orders`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  const claims = await oauth.validateJwtAccessToken(as, incoming, app.url, insecure)
  assert.equal(claims.sub, user.accountId, 'RFC 9068 as others read it')
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, own, authentication, tokens.access_token, insecure),
  )
})
