import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problems } from '../../src/domain/problem.ts'
import { server } from '../support/fixture.ts'

// The document is generated from the routes; this checks it against their replies.
interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  requestBody?: { content: Record<string, { schema: unknown }> }
  responses: Record<
    string,
    {
      description: string
      content?: Record<
        string,
        { schema: unknown; examples?: Record<string, { value: { code: string; status: number } }> }
      >
    }
  >
}

test('the document is OpenAPI 3.1 and lists every operation with its errors', async (t) => {
  const app = await server(t)
  const { body, headers } = await app.get('/openapi.json')
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  assert.equal(body.openapi, '3.1.0')
  const paths = body.paths as Record<string, Record<string, Operation>>
  const calls = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  )
  const names = calls.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  for (const expected of [
    'POST /v1/accounts',
    'POST /login',
    'POST /refresh',
    'POST /logout',
    'GET /protected',
    'GET /v1/me',
    'PATCH /v1/me',
    'DELETE /v1/me',
    'GET /v1/me/sessions',
    'DELETE /v1/me/sessions/{id}',
    'GET /.well-known/jwks.json',
    'GET /healthz',
    'GET /readyz',
    'GET /metrics',
    'GET /oauth/authorize',
    'POST /oauth/token',
  ]) {
    assert.ok(names.includes(expected), expected)
  }
  for (const { path, method, operation } of calls) {
    assert.ok(operation.summary && operation.tags?.length && operation.operationId, `${method} ${path}`)
    for (const [status, { content }] of Object.entries(operation.responses)) {
      if (Number(status) < 400 || operation.tags?.includes('oauth')) continue // OAuth2 has errors of its own
      const examples = content?.['application/problem+json']?.examples ?? {}
      assert.ok(Object.keys(examples).length > 0, `${method} ${path} ${status} has no example`)
      for (const [code, { value }] of Object.entries(examples)) {
        assert.equal(problems[code as keyof typeof problems].status, Number(status))
        assert.equal(value.code, code)
      }
    }
  }
  assert.equal(new Set(calls.map(({ operation }) => operation.operationId)).size, calls.length)
  assert.deepEqual(Object.keys(paths['/login']?.post?.requestBody?.content ?? {}).sort(), [
    'application/json',
    'application/x-www-form-urlencoded',
  ])
  assert.equal(body.components.securitySchemes.password.flows.password.tokenUrl, '/login')
})

test('every $ref resolves', async (t) => {
  const app = await server(t)
  const { body } = await app.get('/openapi.json')
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path]) => path as string,
  )
  assert.ok(references.length > 0)
  for (const path of new Set(references)) {
    const target = path
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], body)
    assert.ok(target, path)
  }
})

test('the page loads nothing from other servers', async (t) => {
  const app = await server(t)
  const { body, headers } = await app.get('/docs')
  assert.match(headers.get('content-security-policy') ?? '', /script-src 'self';/)
  assert.doesNotMatch(body, /(?:src|href|action)="https?:/)
  const assets = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path as string)
  assert.equal(assets.length, 3)
  for (const path of assets) {
    const asset = await app.get(path)
    assert.equal(asset.status, 200, path)
    assert.ok(JSON.stringify(asset.body).length > 100)
    const tag = asset.headers.get('etag')
    if (tag) assert.equal((await app.get(path, { headers: { 'if-none-match': tag } })).status, 304)
  }
})
