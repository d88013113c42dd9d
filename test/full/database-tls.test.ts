import { temporaryFolder } from '../support/folder.ts'
import 'reflect-metadata'
import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import * as x509 from '@peculiar/x509'
import { server } from '../support/fixture.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import { sumun } from '../support/sumun.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const found = findPostgres()
const skip = 'missing' in found ? found.missing : false

/** An authority, and a certificate of its own for each of the names. */
async function makeAuthority(name: string) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: `CN=${name}`, keys, signingAlgorithm: algorithm },
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  } as never)
  const issue = async (host: x509.JsonGeneralName) => {
    const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await x509.X509CertificateGenerator.create({
      ...{
        serialNumber: '02',
        subject: 'CN=database',
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
      },
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension([host])],
    } as never)
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64')
    return {
      certificate: certificate.toString('pem'),
      key: `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`,
    }
  }
  return { pem: authority.toString('pem'), issue }
}

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
