import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { requireToken as forExpress } from '../../sdk/src/adapters/express.ts'
import { requireToken as forFastify } from '../../sdk/src/adapters/fastify.ts'
import { requireToken as forHono } from '../../sdk/src/adapters/hono.ts'
import { withToken } from '../../sdk/src/adapters/next.ts'
import { createVerifier, type GuardOptions, resourceMetadata } from '../../sdk/src/index.ts'
import { createClient } from '../support/client.ts'
import { server } from '../support/fixture.ts'

type Call = (
  options: GuardOptions,
  call: { authorization?: string },
) => Promise<{ status: number; headers: Headers; body: unknown }>

async function listen(t: TestContext, handler: RequestListener): Promise<string> {
  const http = createServer(handler)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  t.after(() => http.close())
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
}

const overHttp =
  (t: TestContext, handlerFor: (options: GuardOptions) => Promise<RequestListener>): Call =>
  async (options, headers) =>
    createClient(await listen(t, await handlerFor(options))).get('/orders', {
      headers: headers as Record<string, string>,
    })

const adapters: Record<string, (t: TestContext) => Call> = {
  Express: (t) =>
    overHttp(t, async (options) =>
      express().get(
        '/orders',
        forExpress(options) as never,
        (request: express.Request & { token?: { sub: string } }, response) => {
          response.json({ sub: request.token?.sub })
        },
      ),
    ),
  Fastify: (t) =>
    overHttp(t, async (options) => {
      const app = fastify()
      app.get('/orders', { onRequest: forFastify(options) as never }, (request) => ({
        sub: (request as never as { token: { sub: string } }).token.sub,
      }))
      await app.ready()
      return (request, response) => app.routing(request, response)
    }),
  Hono: () => async (options, headers) => {
    const app = new Hono<{ Variables: { token: { sub: string } } }>()
    app.use('*', forHono(options) as never)
    app.get('/orders', (context) => context.json({ sub: context.get('token').sub }))
    return replyOf(await app.request('http://api.example/orders', { headers }))
  },
  Next: () => async (options, headers) => {
    const handler = withToken(options, (_request, { token }) => Response.json({ sub: token.sub }))
    return replyOf(await handler(new Request('http://api.example/orders', { headers }), {}))
  },
}

async function replyOf(response: Response) {
  return { status: response.status, headers: response.headers, body: await response.json() }
}

for (const [name, callWith] of Object.entries(adapters)) {
  test(`${name}: a call with a valid token passes; others get a challenge`, async (t) => {
    const app = await server(t)
    const call = callWith(t)
    const verifier = createVerifier({ issuer: app.url, audience: app.url })
    const user = await app.user()
    const metadata = 'https://api.example/.well-known/oauth-protected-resource'
    const options = { verifier, resourceMetadata: metadata }
    const authorization = `Bearer ${user.accessToken}`
    const good = await call(options, { authorization })
    assert.deepEqual([good.status, good.body], [200, { sub: user.accountId }])
    const challenge = async (given: GuardOptions, headers: { authorization?: string }) => {
      const { status, headers: answer } = await call(given, headers)
      return `${status} ${answer.get('www-authenticate')}`
    }
    assert.equal(await challenge(options, {}), `401 Bearer resource_metadata="${metadata}"`)
    assert.equal(
      await challenge({ verifier }, { authorization: 'Bearer x' }),
      '401 Bearer error="invalid_token"',
    )
    assert.equal(await challenge({ verifier }, { authorization: 'Basic eA==' }), '401 Bearer')
    assert.equal(
      await challenge({ verifier, scope: 'orders' }, { authorization }),
      '403 Bearer error="insufficient_scope", scope="orders"',
    )
    const stepUp = '401 Bearer error="insufficient_user_authentication", acr_values="aal2", max_age="60"'
    assert.equal(await challenge({ verifier, acr: 'aal2', maxAge: 60 }, { authorization }), stepUp)
    assert.equal(
      await challenge({ verifier }, { authorization: `DPoP ${user.accessToken}` }),
      '401 DPoP error="invalid_dpop_proof"',
    )
    const away = createVerifier({ issuer: 'http://127.0.0.1:1', audience: app.url })
    assert.equal((await call({ verifier: away }, { authorization })).status, 503)
  })
}

test('an API publishes its protected resource metadata (RFC 9728)', () => {
  const document = resourceMetadata({
    resource: 'https://api.example',
    issuer: 'https://id.example',
    scopes: ['orders'],
  })
  assert.deepEqual(document.authorization_servers, ['https://id.example'])
  assert.deepEqual(document.scopes_supported, ['orders'])
})
