import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPasswordHash } from '../../src/crypto/password-hash/password-hash.ts'
import { systemRandom } from '../../src/domain/random.ts'
import { goodPassword } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { cheapPasswords } from '../support/fixture.ts'
import { bcrypt, importedPassword, importingServer, totpSecret } from '../support/import.ts'
import { sumun } from '../support/sumun.ts'
import { authenticatorApp } from '../support/users.ts'

// What `sumun import` does with rows that others have already and with several at once.
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
      // Who administers the server gets no way in from a file.
      assert.equal((await cli('user', 'role', 'proved', 'auditor')).exitCode, 0)
      const fourth = write(
        'fourth.csv',
        `email,email_verified,totp_secret\nproved@example.com,true,${totpSecret}\n`,
      )
      assert.deepEqual((await run(fourth, '--join')).json.reasons, { identifier_taken: 1 })
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
