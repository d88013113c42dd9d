import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sqlite } from '../support/engines.ts'
import { importingServer } from '../support/import.ts'
import { asOperator } from '../support/operator.ts'

// What `sumun import` does with every kind of file, and with secrets in it.
const one = 'email,name\nkim@example.com,"Kim, ""Min""\nji"\nlee@example.com,이\n'
const utf16 = (text: string, isBig = false): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}
/** 이 in the encoding of Korean Excel. */
const eucKr = Buffer.concat([
  Buffer.from('email,name\r\nkim@example.com,'),
  Buffer.from([0xc0, 0xcc]),
  Buffer.from('\r\n'),
])

const readable: Readonly<
  Record<string, { content: string | Uint8Array; encoding?: string; rows: number; skips?: number }>
> = {
  'a byte order mark': { content: `\ufeff${one}`, rows: 2 },
  'UTF-16, little end first': { content: utf16(one), rows: 2 },
  'UTF-16, big end first': { content: utf16(one, true), rows: 2 },
  'lines that end in CRLF': { content: one.replaceAll('\n', '\r\n'), rows: 2 },
  semicolons: { content: 'email;name\nkim@example.com;Kim\n', rows: 1 },
  tabs: { content: 'email\tname\nkim@example.com\tKim\n', rows: 1 },
  'the encoding of Korean Excel': { content: eucKr, encoding: 'euc-kr', rows: 1 },
  'no line break at the end': { content: 'email\nkim@example.com', rows: 1 },
  'JSON lines': { content: '{"email":"kim@example.com"}\n{"email":"lee@example.com"}\n', rows: 2 },
  'JSON on one line': { content: '[{"email":"kim@example.com"},{"email":"lee@example.com"}]', rows: 2 },
  'a key twice': { content: '[{"email":"no@example.com","email":"kim@example.com"}]', rows: 1 },
  'a record that is no JSON': {
    content: '[{"email":"kim@example.com"},{"email":nonsense}]',
    rows: 2,
    skips: 1,
  },
  'a record that is no user': {
    content: '[{"email":"kim@example.com"},[],3,null,{"email":{"a":1}}]',
    rows: 2,
    skips: 1,
  },
  'quotes in the middle': { content: 'email,name\nkim@example.com,Kim "K" Min\n', rows: 1 },
  'NUL and control characters': {
    content: '{"email":"kim@example.com","name":"a\\u0000b\\u001b[31m"}\n',
    rows: 1,
  },
}
const unreadable: Readonly<Record<string, { content: string | Uint8Array; says: RegExp }>> = {
  'an archive': { content: Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]), says: /no text file/ },
  'not UTF-8': { content: eucKr, says: /not utf-8/ },
  'UTF-16 without its mark': { content: utf16(one).subarray(2), says: /byte order mark/ },
  'nothing at all': { content: '', says: /no users/ },
  'a header alone': { content: 'email,name\n', says: /no users/ },
  'unknown columns': { content: 'colour,size\nred,3\n', says: /not known which system.*colour/ },
  'a column twice': { content: 'email,email\na@b.example,c@d.example\n', says: /email twice/ },
  'brackets that do not match': { content: '[{"email":"kim@example.com"}}', says: /brackets/ },
  'half a document': { content: '[{"email":"kim@example.com"},{"em', says: /ends in the middle/ },
  'a bomb of brackets': { content: '['.repeat(100_000), says: /too deeply/ },
  'one endless record': { content: `[{"email":"${'a'.repeat(2_000_000)}"}]`, says: /million characters/ },
  'a database of something else': {
    content: Buffer.from(`SQLite format 3\0${'x'.repeat(100)}`),
    says: /cannot be read/,
  },
}

test('files in every shape are read, or refused in words, and nothing is written of those', async (t) => {
  const { app, run, cli } = await importingServer(t, sqlite)
  const token = await asOperator(app)
  const before = (await cli('user', 'list')).json.accounts.length
  const rehearse = (content: string | Uint8Array, encoding?: string) =>
    app.post(`/v1/admin/imports/rehearsal${encoding ? `?encoding=${encoding}` : ''}`, {
      ...{ token, raw: content, headers: { 'content-type': 'application/octet-stream' } },
    })
  for (const [name, { content, encoding, rows, skips = 0 }] of Object.entries(readable)) {
    const { body } = await rehearse(content, encoding)
    assert.deepEqual([body.rows, body.skipped], [rows, skips], `${name}: ${JSON.stringify(body)}`)
  }
  for (const [name, { content, says }] of Object.entries(unreadable)) {
    const { status, body } = await rehearse(content)
    assert.deepEqual([status, body.code], [400, 'invalid_fields'], name)
    assert.match(body.detail, says, name)
    assert.ok(body.detail.length < 500, name)
  }
  for (const path of ['/does/not/exist', '/tmp', '/dev/null'])
    assert.equal((await run(path)).exitCode, 1, path)
  assert.equal((await cli('user', 'list')).json.accounts.length, before)
})

test('private keys of a realm and secrets of hashes are neither stored in clear nor shown', async (t) => {
  const { app, write, run } = await importingServer(t, sqlite)
  const privateKey = 'MIIEowIBAAKCAQEA-not-to-be-kept'
  const realm = {
    realm: 'x',
    components: { 'org.keycloak.keys.KeyProvider': [{ config: { privateKey: [privateKey] } }] },
    clients: [{ clientId: 'app', secret: 'a-client-secret-not-to-be-kept' }],
    users: [{ username: 'kim', emailVerified: false, requiredActions: [], credentials: [] }],
  }
  const said = [await run(write('realm.json', JSON.stringify(realm)))]
  assert.equal(said[0]?.json.new, 1)
  // The example of Firebase's own documentation.
  const signerKey = 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=='
  const parameters = `hash_config {\n algorithm: SCRYPT,\n base64_signer_key: ${signerKey},\n base64_salt_separator: Bw==,\n rounds: 8,\n mem_cost: 14,\n}`
  const users = {
    users: [
      {
        ...{ localId: 'a', email: 'user1@test.com', emailVerified: true, salt: '42xEC+ixf3L2lw==' },
        passwordHash:
          'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      },
    ],
  }
  const file = write('firebase.json', JSON.stringify(users))
  said.push(await run(file, '--secret-file', write('parameters.txt', parameters)))
  assert.equal(said[1]?.json.new, 1)
  assert.equal((await run(file, '--secret-file', write('wrong.txt', 'nothing'))).exitCode, 1)
  await app.stop()
  const stored = ['', '-wal']
    .map((ending) => join(app.environment.SUMUN_DATA as string, `sumun.sqlite${ending}`))
    .flatMap((path) => {
      try {
        return [readFileSync(path, 'latin1')]
      } catch {
        return []
      }
    })
    .join('')
  for (const secret of [privateKey, 'a-client-secret-not-to-be-kept', signerKey]) {
    assert.ok(!stored.includes(secret), 'in the database')
    assert.ok(!said.some(({ stdout, stderr }) => (stdout + stderr).includes(secret)), 'in the output')
  }
})
