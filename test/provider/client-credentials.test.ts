import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { rotateClientSecret } from '../../src/engine/clients/clients.ts'
import type { Reply } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { application, type TestApplication } from '../support/oidc.ts'

const grants = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
const api = 'https://api.example/'
const settings = {
  accessTokenSeconds: 120,
  resources: { [api]: 'read write', 'https://other.example/': 'admin read' },
}

type Form = Record<string, string>
interface Asking {
  form?: Form
  headers?: Record<string, string>
}

const basic = (id: string, secret: string | undefined) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

/** An ordinary request, and the same with an unknown parameter, which the library answers. */
async function askBoth(
  app: TestServer,
  { form, headers = {} }: Asking,
): Promise<{ ours: Reply; theirs: Reply }> {
  const all: Form = { grant_type: 'client_credentials', ...form }
  const ours = await app.post('/oauth/token', { form: all, headers })
  return { ours, theirs: await app.post('/oauth/token', { form: { ...all, unknown: 'yes' }, headers }) }
}

function comparable({ status, headers, body }: Reply) {
  const { access_token, ...rest } = body
  const {
    iat,
    exp,
    jti,
    status: place,
    ...claims
  } = access_token === undefined ? {} : (decodeJwt(access_token) as Record<string, unknown>)
  const life = Number(exp) - Number(iat)
  const shown = Object.fromEntries(
    [...headers].filter(
      ([name]) => !/^(date|x-request-id|content-length|vary|access-control-.*)$/.test(name),
    ),
  )
  return { status, shown, rest, claims, life, kinds: [typeof jti, typeof place] }
}

const ask = {
  nothing: {},
  'what it may': { form: { scope: 'email profile' } },
  'the same twice': { form: { scope: 'email email' } },
  'what is not its own': { form: { scope: 'admin' } },
  'an unknown scope': { form: { scope: 'made-up' } },
  'bad characters': { form: { scope: 'a"b' } },
  'two spaces': { form: { scope: 'email  profile' } },
  'an API': { form: { resource: api } },
  'an API, and what it may there': { form: { resource: api, scope: 'write read' } },
  'an API, and more': { form: { resource: api, scope: 'read delete' } },
  'an API that calls a scope as we do': { form: { resource: 'https://other.example/', scope: 'admin read' } },
  'an API that it may not ask for': { form: { resource: 'https://elsewhere.example/' } },
  'a word of the language': { form: { resource: 'toString' } },
} satisfies Record<string, Asking>

for (const engine of engines) {
  test(`${engine.name}: client credentials get the same answer on the fast path and from the library`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { id, secret } = await application(app, grants, settings)
    for (const [what, { form, headers }] of Object.entries<Asking>(ask)) {
      for (const shown of [
        { headers: basic(id, secret) },
        { form: { client_id: id, client_secret: secret ?? '' } },
      ]) {
        const asking = {
          form: { ...form, ...('form' in shown ? shown.form : {}) },
          headers: { ...headers, ...('headers' in shown ? shown.headers : {}) },
        }
        const { ours, theirs } = await askBoth(app, asking)
        assert.deepEqual(comparable(ours), comparable(theirs), what)
      }
    }
  })

  test(`${engine.name}: a client with wrong credentials gets the same error on both paths`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const own = await application(app, grants, settings)
    const others = {
      'no program': await application(app, { grant_types: ['authorization_code'] }),
      'a key, not a secret': await application(app, {
        ...grants,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: 'https://app.example/jwks',
      }),
      'bound to a key': await application(app, { ...grants, dpop_bound_access_tokens: true }),
    } satisfies Record<string, TestApplication>
    const wrong: Record<string, Asking> = {
      'a wrong secret': { headers: basic(own.id, `${own.secret}x`) },
      'no secret': { form: { client_id: own.id } },
      'two ways at once': {
        form: { client_id: own.id, client_secret: own.secret ?? '' },
        headers: basic(own.id, own.secret),
      },
      'two names': { form: { client_id: others['no program'].id }, headers: basic(own.id, own.secret) },
      nobody: { headers: basic('nobody', own.secret) },
      'our own first party': { form: { client_id: 'sumun', client_secret: 'x' } },
      'not Basic': { headers: { authorization: `Bearer ${own.secret}` } },
      'not base64': { headers: { authorization: 'Basic ***' } },
      'a proof that is none': { headers: { ...basic(own.id, own.secret), dpop: 'x' } },
      ...Object.fromEntries(
        Object.entries(others).map(([what, { id, secret }]) => [what, { headers: basic(id, secret ?? 'x') }]),
      ),
    }
    for (const [what, asking] of Object.entries(wrong)) {
      const { ours, theirs } = await askBoth(app, asking)
      assert.ok(ours.status >= 400 && ours.status < 500, `${what}: ${ours.status}`)
      assert.deepEqual(comparable(ours), comparable(theirs), what)
    }
    assert.equal(
      (
        await app.post('/oauth/token', {
          headers: basic(own.id, own.secret),
          form: { grant_type: 'implicit' },
        })
      ).status,
      400,
    )
  })

  test(`${engine.name}: a rotated secret is valid for its grace period`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const { id, secret } = await application(app, grants)
    const token = async (shown: string | undefined) =>
      (
        await app.post('/oauth/token', {
          form: { grant_type: 'client_credentials' },
          headers: basic(id, shown),
        })
      ).status
    const { secret: next } = await rotateClientSecret(app.running.engine, { id, keepHours: 1, actor: 'test' })
    assert.deepEqual([await token(secret), await token(next.reveal())], [200, 200])
    app.clock.advance(3_600_001)
    assert.deepEqual([await token(secret), await token(next.reveal())], [401, 200])
  })
}
