import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { server } from '../support/fixture.ts'
import { sumun } from '../support/sumun.ts'

for (const engine of engines) {
  test(`${engine.name}: a client is added, changed, rotated and removed on the command line`, {
    skip: engine.skip,
    timeout: 90_000,
  }, async (t) => {
    const app = await server(t, { engine })
    const run = (...words: string[]) => sumun(words, { environment: app.environment })
    const json = async (...words: string[]) => {
      const { exitCode, json: said, stderr } = await run(...words, '--json')
      assert.equal(exitCode, 0, stderr)
      return said
    }
    const added = await json(
      'client',
      'add',
      '--name',
      'Importer',
      '--grants',
      'client-credentials',
      '--auth',
      'post',
    )
    const grant = (secret: string) =>
      app.post('/oauth/token', {
        form: { grant_type: 'client_credentials', client_id: added.id, client_secret: secret },
      })
    assert.equal((await grant(added.client_secret)).status, 200, 'a running server knows it')
    assert.deepEqual(
      (await json('client', 'list')).clients.map(({ id }: { id: string }) => id),
      [added.id],
    )
    const changed = await json(
      'client',
      'update',
      added.id,
      '--access-token-minutes',
      '5',
      '--resources',
      'https://api.example/=read,write',
    )
    assert.deepEqual(
      [changed.settings.access_token_seconds, changed.settings.resources],
      [300, { 'https://api.example/': 'read write' }],
    )
    const rotated = await json('client', 'rotate-secret', added.id)
    await new Promise((resolve) => setTimeout(resolve, 600)) // nodes know clients as of half a second ago
    assert.deepEqual(
      [(await grant(added.client_secret)).status, (await grant(rotated.client_secret)).status],
      [401, 200],
    )
    assert.doesNotMatch(
      JSON.stringify(await json('client', 'show', added.id)),
      new RegExp(rotated.client_secret),
    )
    await json('client', 'remove', added.id, '--yes')
    await new Promise((resolve) => setTimeout(resolve, 600))
    assert.equal((await grant(rotated.client_secret)).status, 401)
    assert.equal((await run('client', 'show', added.id)).exitCode, 1)
    for (const bad of [
      ['--redirect-uri', 'https://x.example/#f'],
      ['--grants', 'password'],
      ['--acr', 'aal9'],
      ['--resources', 'x'],
    ])
      assert.equal((await run('client', 'add', ...bad)).exitCode, 1, bad.join(' '))
  })
}
