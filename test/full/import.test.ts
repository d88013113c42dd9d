import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPasswordHash } from '../../src/crypto/password-hash/password-hash.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { goodPassword } from '../support/client.ts'
import { engines, sqlite } from '../support/engines.ts'
import { cheapPasswords } from '../support/fixture.ts'
import { bcrypt, importedPassword, importingServer, totpSecret } from '../support/import.ts'
import { sumun } from '../support/sumun.ts'
import { authenticatorApp } from '../support/users.ts'

// What `sumun import` does with rows that others have already, with several at once, and with every kind of file.
for (const engine of engines) {
  const on = { skip: engine.skip }

  test(
    `${engine.name}: rows join accounts only by an address that both sides have verified`,
    on,
    async (t) => {
      const { app, write, run, cli, signIn } = await importingServer(t, engine)
      const first = write(
        'first.csv',
        'email,email_verified,username\nproved@example.com,true,proved\nclaimed@example.com,false,claimed\n',
      )
      assert.equal((await run(first)).json.new, 2)
      const second = write(
        'second.csv',
        `email,email_verified,password_hash,totp_secret
proved@example.com,true,${bcrypt},${totpSecret}
claimed@example.com,true,${bcrypt},
proved@example.com,true,${bcrypt},
`,
      )
      const foretold = await run(second, '--join', '--dry-run')
      const joined = await run(second, '--join')
      assert.deepEqual(foretold.json.reasons, joined.json.reasons)
      assert.deepEqual(
        [joined.json.new, joined.json.joined, joined.json.reasons],
        [0, 1, { identifier_taken: 1, same_as_earlier_line: 1 }],
      )
      const code = authenticatorApp(totpSecret).codeAt(app.clock.now())
      assert.equal((await signIn('proved', importedPassword, code)).status, 200)
      assert.equal((await signIn('claimed')).status, 400)
      const other = await createPasswordHash(systemRandom, cheapPasswords).hash(goodPassword + goodPassword)
      const third = write(
        'third.csv',
        `email,email_verified,password_hash\nproved@example.com,true,"${other}"\n`,
      )
      assert.equal((await run(third, '--join')).json.joined, 1)
      assert.equal((await signIn('proved', goodPassword + goodPassword)).status, 400, 'a password stays')
      const kinds = (await cli('user', 'show', 'proved')).json.credentials.map(({ kind }: never) => kind)
      assert.deepEqual(kinds.toSorted(), ['password', 'totp'])
    },
  )

  test(`${engine.name}: members of an organisation, and identities by a connection`, on, async (t) => {
    const { app, write, run, cli } = await importingServer(t, engine)
    assert.equal((await cli('org', 'add', 'acme', '--name', 'Acme')).exitCode, 0)
    const added = await sumun(
      [
        ...['connection', 'add', '--preset', 'oidc', '--slug', 'corp', '--client-id', 'us', '--secret-stdin'],
        ...['--issuer', 'https://id.corp.example', '--name', 'Corp', '--json'],
      ],
      { environment: app.environment, input: 'a secret of the client' },
    )
    assert.equal(added.exitCode, 0, added.stdout)
    const realm = {
      realm: 'acme',
      users: ['kim', 'lee', 'cho'].map((username, place) => ({
        ...{ id: `kc-${username}`, username, email: `${username}@corp.example`, emailVerified: true },
        ...{ enabled: true, requiredActions: [], groups: ['/Staff/Team Lead', '/admin'] },
        federatedIdentities: [{ identityProvider: 'okta', userId: place < 2 ? 'same' : 'other' }],
      })),
    }
    const file = write('realm.json', JSON.stringify(realm))
    const words = [file, '--org', 'acme', '--connection', 'okta=corp']
    const { json } = await run(...words)
    assert.deepEqual([json.new, json.warnings], [3, { identity_taken: 1 }])
    const members = (await cli('org', 'member', 'list', 'acme')).json.members
    assert.deepEqual(
      members.map(({ roles }: never) => roles),
      [['team-lead'], ['team-lead'], ['team-lead']],
    )
    const shown = await cli('user', 'show', 'cho')
    assert.deepEqual(
      shown.json.credentials.map(({ kind, connection }: never) => [kind, connection]).length,
      1,
    )
    assert.equal((await run(file, '--connection', 'okta=nobody')).exitCode, 1)
  })

  test(`${engine.name}: two imports at once make no account twice`, on, async (t) => {
    const { write, run, cli } = await importingServer(t, engine)
    const rows = (from: number, to: number) =>
      `username,email\n${Array.from({ length: to - from }, (_, place) => `user${from + place},u${from + place}@example.com`).join('\n')}\n`
    const [one, other] = [write('one.csv', rows(0, 3000)), write('other.csv', rows(1500, 4500))]
    const results = await Promise.all([run(one), run(one), run(other)])
    const finished = results.filter(({ exitCode }) => exitCode === 0)
    assert.ok(finished.length >= 2, results.map(({ stdout }) => stdout).join('\n'))
    for (const { exitCode, json } of results) if (exitCode !== 0) assert.equal(json.error, 'conflict')
    const found = await cli('user', 'find', 'user44')
    assert.equal(new Set(found.json.accounts.map(({ id }: never) => id)).size, found.json.accounts.length)
    for (const name of ['user0', 'user1499', 'user1500', 'user2999', 'user3000', 'user4499'])
      assert.equal((await cli('user', 'show', name)).exitCode, 0, name)
    const [oneAgain, otherAgain] = [await run(one), await run(other)]
    assert.deepEqual([oneAgain.json.new, otherAgain.json.new], [0, 0])
  })
}

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
  Record<string, { content: string | Uint8Array; words?: string[]; rows: number; skips?: number }>
> = {
  'a byte order mark': { content: `\ufeff${one}`, rows: 2 },
  'UTF-16, little end first': { content: utf16(one), rows: 2 },
  'UTF-16, big end first': { content: utf16(one, true), rows: 2 },
  'lines that end in CRLF': { content: one.replaceAll('\n', '\r\n'), rows: 2 },
  semicolons: { content: 'email;name\nkim@example.com;Kim\n', rows: 1 },
  tabs: { content: 'email\tname\nkim@example.com\tKim\n', rows: 1 },
  'the encoding of Korean Excel': { content: eucKr, words: ['--encoding', 'euc-kr'], rows: 1 },
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
  const { write, run, cli } = await importingServer(t, sqlite)
  for (const [name, { content, words = [], rows, skips = 0 }] of Object.entries(readable)) {
    const { json, stdout, stderr } = await run(write('file', content), ...words, '--dry-run')
    assert.deepEqual([json?.rows, json?.skipped], [rows, skips], `${name}: ${stdout}${stderr}`)
  }
  for (const [name, { content, says }] of Object.entries(unreadable)) {
    const { exitCode, json } = await run(write('file', content))
    assert.equal(exitCode, 1, name)
    assert.match(json.messages.join(), says, name)
    assert.ok(json.messages.join().length < 500, name)
  }
  for (const path of ['/does/not/exist', '/tmp', '/dev/null'])
    assert.equal((await run(path)).exitCode, 1, path)
  assert.equal((await cli('user', 'list')).json.accounts.length, 0)
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
