import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tendSigningKeys } from '../../src/engine/keys/rotate-keys.ts'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'

// Keys rotate by age, without a restart; valid tokens are never refused.
const day = 24 * 3600_000
const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid

for (const engine of engines) {
  test(`${engine.name}: a signing key is rotated by age, published before it signs, and deleted after its last token`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine, settings: { SUMUN_SIGNING_KEY_DAYS: '30' } })
    const { engine: running } = app.running
    const published = async (): Promise<string[]> =>
      (await app.get('/.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid)
    const user = await app.user()
    const before = await published()
    await tendSigningKeys(running)
    assert.deepEqual(await published(), before)

    app.clock.advance(30 * day - 20 * 60_000)
    const late = await app.post('/login', { json: { username: user.email, password: user.password } })
    assert.equal(kidOf(late.body.access_token), kidOf(user.accessToken))
    app.clock.advance(20 * 60_000)
    await Promise.all([tendSigningKeys(running), tendSigningKeys(running)]) // two nodes notice at once
    const after = await published()
    assert.equal(after.length, 3)
    const fresh = await app.post('/login', { json: { username: user.email, password: user.password } })
    assert.ok(
      before.includes(kidOf(fresh.body.access_token)) &&
        kidOf(fresh.body.access_token) !== kidOf(user.accessToken),
    )
    assert.equal((await app.get('/protected', { token: late.body.access_token })).status, 200)

    app.clock.advance(45 * 60_000)
    await tendSigningKeys(running)
    assert.ok(!(await published()).includes(kidOf(user.accessToken)))
    const retired = (await running.store.signingKeys.listAll(10)).find(({ state }) => state === 'retired')
    assert.equal(retired?.privateSealed, '')
  })
}

for (const algorithm of ['EdDSA', 'RS256']) {
  test(`tokens may be signed with ${algorithm}`, async (t) => {
    const app = await server(t, { settings: { SUMUN_TOKEN_ALGORITHM: algorithm } })
    const { accessToken } = await app.user()
    assert.equal(
      JSON.parse(Buffer.from(accessToken.split('.')[0] as string, 'base64url').toString()).alg,
      algorithm,
    )
    assert.equal((await app.get('/protected', { token: accessToken })).status, 200)
    const { createRemoteJWKSet, jwtVerify } = await import('jose')
    await jwtVerify(accessToken, createRemoteJWKSet(new URL(`${app.url}/.well-known/jwks.json`)), {
      issuer: app.url,
      audience: app.url,
      algorithms: [algorithm],
    })
  })
}
