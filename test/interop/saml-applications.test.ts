import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { addSamlApplication, updateSamlApplication } from '../../src/engine/clients/saml-applications.ts'
import { createOwnKey, readOwnKey } from '../../src/federation/saml/own-key.ts'
import { type Apache, prepareApache, withoutApacheModule } from '../support/apache.ts'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { freePort } from '../support/free-port.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { startShibd, withoutShibd } from '../support/shibd.ts'
import { signInAtPage } from '../support/sign-in-page.ts'

// Service providers that we did not write, in front of a page that is for members only.
const placeholder = (entityId: string, acs: string): string =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${acs}" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>`

/** Of the same site as Apache: without TLS it cannot have cookies that come back with a form of another one. */
async function onLoopback(t: TestContext): Promise<TestServer> {
  const port = await freePort()
  return server(t, { settings: { SUMUN_PORT: String(port), SUMUN_ISSUER: `http://127.0.0.1:${port}` } })
}

/** Registers it by its own metadata, which needs ours first. */
async function register(
  app: TestServer,
  given: { slug: string; entityId: string; acs: string },
  start: (metadata: string) => Promise<string>,
): Promise<void> {
  const { engine } = app.running
  const { slug, entityId, acs } = given
  const xml = placeholder(entityId, acs)
  const application = await addSamlApplication(engine, { slug, metadata: { xml }, actor: 'test' })
  const url = await start((await app.get(`/saml/${slug}/metadata`)).body)
  const change = { metadata: { url }, signedRequests: true, encrypts: true, name: 'Members' }
  const changed = await updateSamlApplication(engine, { application, revision: null, change, actor: 'test' })
  assert.equal(changed.entityId, entityId)
  assert.ok(changed.acsUrls.includes(acs) && changed.certificates.length > 0)
}

async function signInAndOut(
  t: TestContext,
  { app, apache, signOut, log }: { app: TestServer; apache: Apache; signOut: string; log: () => string },
): Promise<void> {
  const user = await verifiedUser(app)
  const page = await (await openBrowser(t)).newPage()
  const remoteUsers: (string | undefined)[] = []
  page.on('response', (response) => {
    if (response.url() === `${apache.home}/` && response.status() === 200)
      remoteUsers.push(response.headers()['x-remote-user'])
  })
  const members = () =>
    page
      .getByText('members only')
      .waitFor()
      .catch((error) => {
        throw new Error(`${error.message} at ${page.url()}\n${log()}`)
      })
  await page.goto(`${apache.home}/`)
  await signInAtPage(page, user)
  await members()
  assert.deepEqual(remoteUsers, [user.email])
  const account = `${app.running.engine.settings.issuer}/account`
  assert.equal((await page.goto(account))?.url(), account)
  // Signing out there signs out here.
  await page.goto(`${apache.home}${signOut}`)
  await page.goto(account)
  assert.match(page.url(), /\/signin/)
  await page.goto(`${apache.home}/`)
  await signInAtPage(page, user)
  await members()
  // Signing out here signs out there.
  await page.goto(account)
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click()
  await page.waitForURL(/\/signin$/).catch((error) => {
    throw new Error(`${error.message} at ${page.url()}\n${log()}`)
  })
  await page.goto(`${apache.home}/`)
  await page.locator('#username').waitFor()
}

test('Apache with mod_auth_mellon signs a user in and out', {
  skip: withoutApacheModule('auth_mellon') || skipWithoutChromium,
  timeout: 90_000,
}, async (t) => {
  const [app, apache] = [await onLoopback(t), await prepareApache(t, 'auth_mellon')]
  const key = readOwnKey(await createOwnKey('mellon.example', Date.now()))
  const file = (name: string, content: string): string => {
    writeFileSync(join(apache.folder, name), content)
    return join(apache.folder, name)
  }
  const given = {
    ...{ slug: 'mellon', entityId: `${apache.home}/mellon/metadata` },
    acs: `${apache.home}/mellon/postResponse`,
  }
  await register(app, given, async (metadata) => {
    await apache.start(`
MellonLockFile ${apache.folder}/mellon.lock
# Without TLS a browser drops a cookie with SameSite=None.
SetEnvIf Request_URI . MELLON_DISABLE_SAMESITE=1
<Location />
  AuthType Mellon
  MellonEnable auth
  Require valid-user
  MellonEndpointPath /mellon
  MellonSPentityId ${given.entityId}
  MellonSPPrivateKeyFile ${file('sp-key.pem', key?.privatePem ?? '')}
  MellonSPCertFile ${file('sp-cert.pem', key?.certificates[0] ?? '')}
  MellonIdPMetadataFile ${file('idp.xml', metadata)}
  MellonUser urn:oid:0.9.2342.19200300.100.1.3
  MellonSecureCookie Off
  Header set X-Remote-User "expr=%{REMOTE_USER}"
</Location>
<Location /mellon/>
  AuthType Mellon
  MellonEnable off
  Require all granted
</Location>
`)
    return given.entityId
  })
  const signOut = `/mellon/logout?ReturnTo=${encodeURIComponent(`${apache.home}/`)}`
  await signInAndOut(t, { app, apache, signOut, log: apache.errors })
})

test('Apache with mod_shib signs a user in and out', {
  skip: withoutApacheModule('shib') || withoutShibd || skipWithoutChromium,
  timeout: 120_000,
}, async (t) => {
  const [app, apache] = [await onLoopback(t), await prepareApache(t, 'shib')]
  const given = {
    ...{ slug: 'shib', entityId: `${apache.home}/shibboleth` },
    acs: `${apache.home}/Shibboleth.sso/SAML2/POST`,
  }
  await register(app, given, async (metadata) => {
    const idp = `${app.running.engine.settings.issuer}/saml/shib/metadata`
    await apache.start(await startShibd(t, apache, { entityId: given.entityId, idp, metadata }))
    return `${apache.home}/Shibboleth.sso/Metadata`
  })
  const log = () => {
    const path = join(apache.folder, 'shibd.log')
    return apache.errors() + (existsSync(path) ? readFileSync(path, 'utf8') : '')
  }
  await signInAndOut(t, { app, apache, signOut: '/Shibboleth.sso/Logout', log })
})
