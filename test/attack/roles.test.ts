import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountId } from '../../src/domain/id.ts'
import { setAccountRole } from '../../src/engine/accounts/manage-account.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { asOperator, asRole } from '../support/operator.ts'
import { openPageBrowser } from '../support/page-browser.ts'

/** Every administrative route, from the document that is made of them. */
async function adminRoutes(app: TestServer): Promise<{ method: string; path: string }[]> {
  const { paths } = (await app.get('/openapi.json')).body as { paths: Record<string, object> }
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/admin/'))
    .flatMap(([path, byMethod]) => Object.keys(byMethod).map((method) => ({ method, path })))
}

/** Ids that are well formed, and of nothing. */
const withIds = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const place = path.slice(0, path.indexOf(`{${name}}`))
    const kinds: [RegExp, string][] = [
      [/sessions\/$/, 'ses'],
      [/credentials\/$/, 'crd'],
      [/clients\/$/, 'cli'],
      [/connections\/$/, 'con'],
      [/accounts\/$/, 'acc'],
    ]
    const kind = kinds.find(([pattern]) => pattern.test(place))?.[1]
    return kind === undefined ? 'x' : `${kind}_00000000000000000000000000`
  })

const call = (app: TestServer, { method, path }: { method: string; path: string }, token: string) =>
  app.call(method.toUpperCase(), withIds(path), {
    token,
    ...(method !== 'get' && method !== 'delete' && { json: {} }),
  })

const helped = [
  'delete /v1/admin/accounts/{id}/sessions',
  'delete /v1/admin/accounts/{id}/sessions/{session}',
  'delete /v1/admin/accounts/{id}/credentials/{credential}',
  'post /v1/admin/accounts/{id}/recovery',
]
const found = [
  'get /v1/admin/accounts',
  'get /v1/admin/accounts/{id}',
  'get /v1/admin/accounts/{id}/sessions',
  'get /v1/admin/accounts/{id}/credentials',
]

for (const engine of engines) {
  const options = { skip: engine.skip, timeout: 60_000 }

  test(
    `${engine.name}: an auditor looks at everything and changes nothing, at every route`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await asRole(app, { role: 'auditor', scope: 'admin:read' })
      const routes = await adminRoutes(app)
      assert.ok(routes.length > 20)
      for (const route of routes) {
        const { status, body } = await call(app, route, token)
        const name = `${route.method} ${route.path} ${JSON.stringify(body)}`
        if (route.method === 'get') assert.ok([200, 400, 404].includes(status), name)
        else assert.equal(body.code === 'insufficient_scope' || status === 400, true, name)
      }
    },
  )

  test(
    `${engine.name}: a helper finds accounts, ends sessions and removes what was lost, and no more`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await asRole(app, { role: 'helpdesk', scope: 'admin:help' })
      for (const route of await adminRoutes(app)) {
        const { status, body } = await call(app, route, token)
        const name = `${route.method} ${route.path}`
        const may = [...helped, ...found].includes(name)
        if (may) assert.ok([200, 204, 404].includes(status), `${name} ${status} ${JSON.stringify(body)}`)
        else
          assert.ok(
            body.code === 'insufficient_scope' || status === 400,
            `${name} ${status} ${JSON.stringify(body)}`,
          )
      }
      const user = await app.user()
      const path = `/v1/admin/accounts/${user.accountId}`
      assert.equal((await app.get(`${path}/sessions`, { token })).body.sessions.length, 1)
      assert.equal((await app.call('DELETE', `${path}/sessions`, { token })).status, 204)
      assert.equal((await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 401)
      const [password] = (await app.get(`${path}/credentials`, { token })).body.credentials
      assert.equal((await app.call('DELETE', `${path}/credentials/${password.id}`, { token })).status, 204)
      assert.deepEqual((await app.get(`${path}/credentials`, { token })).body.credentials, [])
      // Its own code unused, its address unverified: there is nowhere safe to send a link.
      const unsafe = await app.post(`${path}/recovery`, { token, json: {} })
      assert.deepEqual([unsafe.status, unsafe.body.code], [409, 'conflict'])
    },
  )

  test(
    `${engine.name}: a helper sends a recovery link to the verified address of an account, and never sees it`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const token = await asRole(app, { role: 'helpdesk', scope: 'admin:help' })
      const user = await verifiedUser(app)
      const ask = () => app.post(`/v1/admin/accounts/${user.accountId}/recovery`, { token, json: {} })
      const sent = await ask()
      assert.deepEqual([sent.status, sent.body], [204, ''])
      const linkOf = async (past: readonly string[] = []) => {
        const isNew = ({ link }: { link: URL | undefined }) =>
          link?.pathname === '/recover/link' && !past.includes(link.href)
        return String((await messageTo(app.environment.SUMUN_DATA as string, user.email, isNew)).link)
      }
      const first = await linkOf()
      assert.equal((await ask()).status, 204)
      const second = await linkOf([first])
      const browser = openPageBrowser(app.url)
      assert.match((await browser.open(first)).text, /does not work any more/)
      const recovered = await browser.submit(await browser.open(second), {})
      assert.match(recovered.text, /You recovered your account/)
      const events = await app.get(`/v1/admin/events?subject=${user.accountId}&kind=ticket.issued`, {
        token: await asOperator(app),
      })
      assert.ok(events.body.events.every(({ actor }: { actor: string }) => actor.startsWith('acc_')))
      for (let times = 0; times < 40; times++) if ((await ask()).status === 429) return
      assert.fail('one address can be sent any number of mails')
    },
  )

  test(
    `${engine.name}: a helper touches no operator, no auditor and no other helper, and not themself`,
    options,
    async (t) => {
      const app = await server(t, { engine })
      const root = await asOperator(app)
      await asRole(app, { role: 'auditor', scope: 'admin:read' })
      await asRole(app, { role: 'helpdesk', scope: 'admin:help', username: 'second' })
      const token = await asRole(app, { role: 'helpdesk', scope: 'admin:help' })
      const { accounts } = (await app.get('/v1/admin/accounts', { token })).body
      assert.equal(accounts.length, 4)
      for (const { id, role } of accounts as { id: string; role: string }[]) {
        const [credential] = (await app.get(`/v1/admin/accounts/${id}/credentials`, { token })).body
          .credentials
        for (const [method, path] of [
          ['DELETE', '/sessions'],
          ['DELETE', `/credentials/${credential.id}`],
          ['POST', '/recovery'],
        ] as const) {
          const json = method === 'POST' ? { json: {} } : {}
          const { status, body } = await app.call(method, `/v1/admin/accounts/${id}${path}`, {
            token,
            ...json,
          })
          assert.deepEqual([status, body.code], [403, 'insufficient_scope'], `${role} ${path}`)
        }
        assert.equal(
          (await app.get(`/v1/admin/accounts/${id}/credentials`, { token })).body.credentials.length,
          2,
        )
      }
      assert.equal((await app.get('/v1/me', { token: root })).status, 200)
    },
  )

  test(`${engine.name}: a role that was taken away ends what it allowed at once`, options, async (t) => {
    const app = await server(t, { engine })
    const token = await asRole(app, { role: 'helpdesk', scope: 'admin:help' })
    const { body } = await app.get('/v1/me', { token })
    await setAccountRole(app.running.engine, { id: body.id, role: 'auditor', actor: 'test' })
    assert.equal((await app.get('/v1/admin/accounts', { token })).status, 401)
  })
}

test('without a second factor a role gives nothing, also where a policy names operators only', async (t) => {
  const app = await server(t)
  for (const [role, scope] of [
    ['auditor', 'admin:read'],
    ['helpdesk', 'admin:help'],
  ] as const) {
    const user = await app.user()
    await setAccountRole(app.running.engine, { id: user.accountId as AccountId, role, actor: 'test' })
    const { body } = await app.post('/login', {
      json: { username: user.email, password: user.password, scope: `account ${scope}` },
    })
    assert.equal(body.scope, 'account')
  }
})

test('no role has the scope of another', async (t) => {
  const app = await server(t)
  for (const [role, scope, asked] of [
    ['auditor', 'admin:read', 'admin admin:help'],
    ['helpdesk', 'admin:help', 'admin admin:read'],
  ] as const) {
    const token = await asRole(app, { role, scope })
    assert.ok(token)
    const claims = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
    for (const other of asked.split(' '))
      assert.ok(!claims.scope.split(' ').includes(other), `${role} ${other}`)
  }
})
