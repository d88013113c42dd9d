import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeAuthority } from '../support/authority.ts'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { sumun } from '../support/sumun.ts'

const found = findPostgres()
const skip = 'missing' in found ? found.missing : false

async function clusterWith(t: TestContext, tls: { certificate: string; key: string }) {
  assert.ok('binaries' in found)
  const cluster = await startPostgres(found.binaries, { survivesPowerCuts: false, tls })
  t.after(() => cluster.stop())
  return cluster
}

test('postgres: with TLS at the server, each sslmode checks what libpq checks', {
  skip,
  timeout: 120_000,
}, async (t) => {
  const folder = temporaryFolder()
  const [ours, another] = [await makeAuthority('Ours'), await makeAuthority('Another')]
  const [ourRoot, otherRoot] = [join(folder, 'ours.pem'), join(folder, 'another.pem')]
  writeFileSync(ourRoot, ours.pem)
  writeFileSync(otherRoot, another.pem)
  const here = await clusterWith(t, await ours.issue({ type: 'ip', value: '127.0.0.1' }))
  const elsewhere = await clusterWith(t, await ours.issue({ type: 'dns', value: 'elsewhere.example' }))
  const tries: [cluster: typeof here, settings: Record<string, string>, exitCode: number, says?: RegExp][] = [
    [here, {}, 0],
    [here, { sslmode: 'disable' }, 1, /no encryption|SSL|hba/i],
    [here, { sslmode: 'allow' }, 0],
    [here, { sslmode: 'prefer' }, 0],
    [here, { sslmode: 'require' }, 0],
    [here, { sslmode: 'verify-ca', sslrootcert: ourRoot }, 0],
    [here, { sslmode: 'verify-full', sslrootcert: ourRoot }, 0],
    [here, { sslmode: 'verify-ca', sslrootcert: otherRoot }, 1, /certificate/i],
    [here, { sslmode: 'verify-full', sslrootcert: otherRoot }, 1, /certificate/i],
    [here, { sslmode: 'verify-full' }, 1, /certificate/i],
    // as verify-ca, where a root is named (libpq)
    [here, { sslmode: 'require', sslrootcert: otherRoot }, 1, /certificate/i],
    [elsewhere, { sslmode: 'verify-ca', sslrootcert: ourRoot }, 0],
    [elsewhere, { sslmode: 'verify-full', sslrootcert: ourRoot }, 1, /certificate|altnames/i],
    [here, { sslmode: 'verify-full', sslrootcert: join(folder, 'none.pem') }, 1, /none\.pem/],
  ]
  for (const [cluster, settings, exitCode, says = /./] of tries) {
    const url = new URL(cluster.url)
    url.search = new URLSearchParams(settings).toString()
    const finished = await sumun(['migrate'], {
      environment: { SUMUN_DATA: folder, SUMUN_DATABASE_URL: url.href },
    })
    assert.equal(finished.exitCode, exitCode, `${url.search}: ${finished.stderr}`)
    if (exitCode !== 0) assert.match(finished.stderr, says, url.search)
  }
  const url = new URL(here.url)
  url.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: ourRoot }).toString()
  const app = await server(t, { environment: { SUMUN_DATA: folder, SUMUN_DATABASE_URL: url.href } })
  const user = await app.user()
  assert.equal((await app.post('/refresh', { json: { refresh_token: user.refreshToken } })).status, 200)
  assert.equal((await app.get('/readyz')).status, 200)
})
