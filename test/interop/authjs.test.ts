import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { Auth, type AuthConfig } from '@auth/core'
import { openBrowser, skipWithoutChromium } from '../support/chromium.ts'
import { server } from '../support/fixture.ts'
import { application } from '../support/oidc.ts'
import { signInAtPage } from '../support/sign-in-page.ts'

/** Auth.js behind Node's own server, as its adapters for frameworks do it. */
async function serveAuth(t: TestContext, configure: () => AuthConfig): Promise<string> {
  const listening = createServer((request, response) => void answer(request, response))
  t.after(() => new Promise((resolve) => listening.close(resolve).closeAllConnections()))
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const home = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ])
    const body = request.method === 'POST' ? await text(request) : null
    const reply = await Auth(
      new Request(home + request.url, { method: request.method ?? 'GET', headers, body }),
      configure(),
    )
    for (const [name, value] of reply.headers) response.appendHeader(name, value)
    response.writeHead(reply.status).end(Buffer.from(await reply.arrayBuffer()))
  }
  return home
}

test('Auth.js signs a user in with the provider of docs/connect-your-application.md', {
  skip: skipWithoutChromium,
  timeout: 180_000,
}, async (t) => {
  const app = await server(t)
  const user = await app.user()
  let known: { id: string; secret: string | undefined } | undefined
  const complaints: unknown[] = []
  const home = await serveAuth(t, () => ({
    basePath: '/api/auth',
    secret: 'x'.repeat(32),
    trustHost: true,
    logger: { error: (error) => complaints.push(error) },
    providers: [
      {
        id: 'sumun',
        name: 'Sumun',
        type: 'oidc',
        issuer: app.url,
        clientId: known?.id as string,
        clientSecret: known?.secret as string,
        checks: ['pkce', 'state', 'nonce'],
      },
    ],
  }))
  known = await application(app, { redirect_uris: [`${home}/api/auth/callback/sumun`] })
  const page = await (await openBrowser(t)).newPage()
  await page.goto(`${home}/api/auth/signin?callbackUrl=${encodeURIComponent(`${home}/api/auth/session`)}`)
  await page.getByRole('button', { name: 'Sign in with Sumun' }).click()
  await signInAtPage(page, user)
  await page.waitForURL(`${home}/api/auth/session`).catch((error) => {
    throw new Error(`${error.message} at ${page.url()} ${complaints.join(' ')}`)
  })
  const session = JSON.parse((await page.locator('body').textContent()) ?? '')
  assert.equal(session.user.email, user.email, complaints.join(' '))
})
