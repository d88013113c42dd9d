import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import express from 'express'
import { auth } from 'express-openid-connect'
import session from 'express-session'
import passport from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'
import { server, type TestServer } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { application, signInBy } from '../support/oidc.ts'
import { openPageBrowser } from '../support/page-browser.ts'
import { freePort } from '../support/postgres.ts'

// Clients of others that sign in with what docs/connect-your-application.md says for each.
const runs = (command: string, words: string[]) => spawnSync(command, words, { stdio: 'ignore' }).status === 0
const python = '/usr/bin/python3'
const withoutRequests = runs(python, ['-c', 'import requests_oauthlib'])
  ? false
  : 'python3-requests-oauthlib of Debian is not installed'
const withoutOmniauth = runs('ruby', ['-e', 'require "omniauth_openid_connect"'])
  ? false
  : 'ruby-omniauth-openid-connect of Debian is not installed'
const withoutAgent = runs('/usr/bin/oidc-agent', ['--version'])
  ? false
  : 'oidc-agent-cli of Debian is not installed'

/** A browser of the application's own site. */
async function walk(start: string, app: TestServer, user: { email: string; password: string }) {
  let cookies: string[] = []
  const visit = async (url: string) => {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: cookies.join('; ') } })
    const set = response.headers.getSetCookie().map((line) => line.split(';')[0] as string)
    const names = set.map((pair) => `${pair.split('=')[0]}=`)
    cookies = [...cookies.filter((pair) => !names.some((name) => pair.startsWith(name))), ...set]
    return response
  }
  const away = (await visit(start)).headers.get('location') ?? ''
  assert.ok(away.startsWith(app.url), `it went to ${away}`)
  const back = await signInBy(openPageBrowser(app.url), away, user)
  let response = await visit(back.url)
  for (let hops = 0; hops < 5 && response.headers.get('location') !== null; hops++)
    response = await visit(new URL(response.headers.get('location') as string, start).href)
  return { status: response.status, text: await response.text() }
}

async function listen(t: TestContext, build: (home: string) => Promise<express.Express>): Promise<string> {
  const port = await freePort()
  const home = `http://127.0.0.1:${port}`
  const listening = (await build(home)).listen(port, '127.0.0.1')
  t.after(() => listening.close())
  await new Promise((resolve) =>
    (listening.address() as AddressInfo | null) ? resolve(null) : listening.once('listening', resolve),
  )
  return home
}

test('passport-openidconnect, which sends no PKCE, signs in after an operator has waived it', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const home = await listen(t, async (home) => {
    const { id, secret } = await application(
      app,
      { redirect_uris: [`${home}/callback`] },
      { firstParty: true, pkceRequired: false },
    )
    const web = express()
    web.use(session({ secret: 'x'.repeat(32), resave: false, saveUninitialized: false }))
    passport.use(
      'sumun',
      new OpenIDConnectStrategy(
        {
          issuer: app.url,
          authorizationURL: `${app.url}/oauth/authorize`,
          tokenURL: `${app.url}/oauth/token`,
          userInfoURL: `${app.url}/oauth/userinfo`,
          clientID: id,
          clientSecret: secret as string,
          callbackURL: `${home}/callback`,
          scope: ['email'],
        },
        (
          _issuer: string,
          profile: { id: string; emails?: { value: string }[] | undefined },
          done: (error: null, user: object) => void,
        ) => done(null, { sub: profile.id, email: profile.emails?.[0]?.value }),
      ),
    )
    web.get('/', passport.authenticate('sumun', { session: false }))
    web.get('/callback', passport.authenticate('sumun', { session: false }), (request, response) =>
      response.json(request.user),
    )
    return web
  })
  const { text } = await walk(`${home}/`, app, user)
  assert.deepEqual(JSON.parse(text), { sub: user.accountId, email: user.email })
})

test('express-openid-connect signs in with only issuer, client id and secret', async (t) => {
  const app = await server(t)
  const user = await app.user()
  const home = await listen(t, async (home) => {
    const { id, secret } = await application(app, { redirect_uris: [`${home}/callback`] })
    const web = express()
    web.use(
      auth({
        issuerBaseURL: app.url,
        baseURL: home,
        clientID: id,
        clientSecret: secret as string,
        secret: 'x'.repeat(32),
        authorizationParams: { response_type: 'code', scope: 'openid email' },
      }),
    )
    web.get('/', (request, response) =>
      response.json({ sub: request.oidc.user?.sub, email: request.oidc.user?.email }),
    )
    return web
  })
  const { text } = await walk(`${home}/`, app, user)
  assert.equal(JSON.parse(text).sub, user.accountId, text)
})

/** One that prints where it goes, and is told where the browser came back. */
async function converse(
  t: TestContext,
  command: string,
  words: string[],
  given: { app: TestServer; user: { email: string; password: string } },
) {
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  t.after(() => child.kill())
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const url = String((await lines.next()).value)
  assert.ok(url.startsWith(given.app.url), `${url} ${complaints}`)
  const back = await signInBy(openPageBrowser(given.app.url), url, given.user)
  child.stdin.end(`${back.url}\n`)
  const said = (await lines.next()).value
  assert.ok(said !== undefined, complaints)
  assert.ok(String(said).startsWith('{'), `${said} ${complaints}`)
  return JSON.parse(String(said))
}

test('requests-oauthlib, which sends no PKCE, signs in after an operator has waived it, and refreshes', {
  skip: withoutRequests,
  timeout: 180_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const callback = 'http://127.0.0.1:9/callback'
  const { id, secret } = await application(
    app,
    { redirect_uris: [callback] },
    { firstParty: true, pkceRequired: false },
  )
  const script = join(import.meta.dirname, 'requests_client.py')
  const said = await converse(t, python, [script, app.url, id, secret as string, callback], { app, user })
  assert.deepEqual(said, { sub: user.accountId, email: user.email, refreshed: true })
})

test('OmniAuth, which sends no PKCE in Debian’s version, signs in after an operator has waived it', {
  skip: withoutOmniauth,
  timeout: 180_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const home = 'http://127.0.0.1:9'
  const { id, secret } = await application(
    app,
    { redirect_uris: [`${home}/auth/sumun/callback`] },
    { firstParty: true, pkceRequired: false },
  )
  const script = join(import.meta.dirname, 'omniauth_client.rb')
  const said = await converse(t, 'ruby', [script, app.url, id, secret as string, home], { app, user })
  assert.deepEqual([said.sub, said.email], [user.accountId, user.email])
})

test('oidc-agent signs in by device code, and issues access tokens', {
  skip: withoutAgent,
  timeout: 90_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  const grants = {
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }
  const { id, secret } = await application(app, grants)
  const folder = temporaryFolder()
  const agent = execFileSync('/usr/bin/oidc-agent', [], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, OIDC_CONFIG_DIR: folder },
  })
  const [, socket = ''] = /OIDC_SOCK=([^;]+);/.exec(agent) ?? []
  const [, pid = ''] = /OIDCD_PID=(\d+);/.exec(agent) ?? []
  t.after(() => process.kill(Number(pid)))
  const env = {
    ...process.env,
    HOME: folder,
    OIDC_CONFIG_DIR: folder,
    OIDC_SOCK: socket,
    OIDC_PW: 'a password of the test',
  }
  const words = [
    'sumun',
    `--issuer=${app.url}`,
    `--client-id=${id}`,
    `--client-secret=${secret}`,
    '--scope=openid email offline_access',
    '--flow=device',
    '--pw-env=OIDC_PW',
    '--prompt=none',
    '--no-url-call',
    '--confirm-default',
    '--manual',
  ]
  const adding = spawn('/usr/bin/oidc-gen', words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const code = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk
      const [found] = /[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    }
    adding.stdout.on('data', hear)
    adding.stderr.on('data', hear)
    adding.on('exit', (status) => reject(new Error(`oidc-gen ended with ${status}: ${said}`)))
  })
  const ended = new Promise<number | null>((resolve) => adding.on('exit', resolve))
  const browser = openPageBrowser(app.url)
  const named = await browser.submit(await browser.open(`${app.url}/oauth/device`), { user_code: await code })
  const consent = await browser.submit(await browser.submit(named, { username: user.email }), {
    password: user.password,
  })
  await browser.submit(consent, { decision: 'allow' })
  assert.equal(await ended, 0, said)
  const token = execFileSync('/usr/bin/oidc-token', ['sumun'], { env, encoding: 'utf8' }).trim()
  assert.equal((await app.get('/oauth/userinfo', { token })).body.sub, user.accountId)
})
