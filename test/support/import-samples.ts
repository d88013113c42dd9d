import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { ImportCounts } from '../../src/domain/import-report.ts'
import { rehearseImport, runImport } from '../../src/engine/moving/run-import.ts'
import type { StoreEngine } from './engines.ts'
import { server, type TestServer } from './fixture.ts'
import { sample, samplesMissing } from './samples.ts'
import { sumun } from './sumun.ts'

// Files of other systems, each into an installation of its own: what becomes of the rows, and that users sign
// in with the passwords that they had there.
interface Sample {
  file: string
  secretFile?: string
  beside?: string
  source: string
  new: number
  reasons?: Record<string, number>
  warnings?: Record<string, number>
  /** Name and password; null: no password of any kind signs this one in. */
  signIns?: readonly [name: string, password: string | null][]
}

const djangoPassword = 'lètmein-7'
const samples: readonly Sample[] = [
  {
    file: 'keycloak/kc8-quarkus-realm-legacy-hash.json',
    ...{ source: 'keycloak', new: 3, reasons: { service_account: 1 } },
    signIns: [
      ['admin', 'admin'],
      ['alice', 'alice'],
      ['jdoe', 'jdoe'],
    ],
  },
  {
    file: 'keycloak/kc19-quarkus-realm-legacy-hash.json',
    ...{ source: 'keycloak', new: 2 },
    signIns: [['alice', 'alice']],
  },
  {
    file: 'keycloak/kc-quarkus-default-tenant-secretdata.json',
    ...{ source: 'keycloak', new: 3 },
    signIns: [['jdoe@keycloak.org', 'jdoe']],
  },
  {
    file: 'keycloak/kc23-jhipster-realm-pbkdf2sha256.json',
    ...{ source: 'keycloak', new: 2, reasons: { service_account: 1 } },
    warnings: { groups_left_out: 2 },
    signIns: [
      ['admin', 'admin'],
      ['user@localhost', 'user'],
    ],
  },
  {
    file: 'keycloak/kc26-playground-realm-argon2.json',
    ...{ source: 'keycloak', new: 12, reasons: { service_account: 1 } },
    warnings: { username_malformed: 1, groups_left_out: 3 },
    signIns: [['alice', 'password']],
  },
  {
    file: 'keycloak/kc-usersfile-oauth2-proxy-users-0.json',
    ...{ source: 'keycloak', new: 1 },
    signIns: [['admin@example.com', 'password']],
  },
  {
    file: 'keycloak/minimal-two-users-pbkdf2sha256.json',
    ...{ source: 'keycloak', new: 2, warnings: { hash_malformed: 2 } },
    signIns: [['admin', null]],
  },
  {
    file: 'auth0/bulk-import.json',
    ...{ source: 'auth0', new: 4, warnings: { groups_left_out: 1 } },
    signIns: [
      ['pb@example.com', 'test'],
      ['ld@example.com', null],
      ['md@example.com', 'test'],
    ],
  },
  {
    file: 'clerk/clerk-export.csv',
    ...{ source: 'clerk', new: 2 },
    signIns: [['bcrypt@test.com', 'password']],
  },
  { file: 'clerk/clerk-export-users.json', source: 'clerk', new: 3, warnings: { second_address: 1 } },
  {
    file: 'clerk/authjs-for-clerk.json',
    ...{ source: 'clerk', new: 86, reasons: { same_as_earlier_line: 14 }, warnings: { hash_unknown: 1 } },
  },
  {
    file: 'firebase/users.csv',
    secretFile: 'firebase/hash-parameters.txt',
    ...{ source: 'firebase', new: 1 },
    signIns: [['user1@test.com', 'user1password']],
  },
  {
    file: 'firebase/users.json',
    secretFile: 'firebase/hash-parameters.txt',
    ...{ source: 'firebase', new: 1 },
    signIns: [['user1@test.com', 'user1password']],
  },
  { file: 'firebase/users.csv', source: 'firebase', new: 1, warnings: { hash_needs_secret: 1 } },
  {
    file: 'supabase/auth_users.csv',
    beside: 'supabase/auth_identities.csv',
    ...{ source: 'supabase', new: 6, reasons: { anonymous: 1, deleted: 1 } },
    warnings: { identity_without_connection: 2, directory_user: 1 },
    signIns: [
      ['ada@example.com', 'password'],
      ['+821012345678', 'password'],
      ['moved@example.com', 'mytestpassword'],
    ],
  },
  { file: 'cognito/header-a.csv', source: 'cognito', new: 2, warnings: { password_elsewhere: 2 } },
  {
    file: 'cognito/header-b-other-order.csv',
    source: 'cognito',
    new: 1,
    warnings: { password_elsewhere: 1 },
  },
  {
    file: 'cognito/header-c-custom-attribute.csv',
    ...{ source: 'cognito', new: 1, warnings: { password_elsewhere: 1 } },
  },
  {
    file: 'cognito/list-users.json',
    ...{ source: 'cognito', new: 1, warnings: { identity_without_connection: 1 } },
  },
  {
    file: 'better-auth/better-auth.sqlite',
    ...{ source: 'better-auth', new: 3, warnings: { identity_without_connection: 1 } },
    signIns: [
      ['ada@example.com', 'correct horse 1'],
      ['chulsoo', '비밀번호열두자이상'],
      ['bocase', 'another pass 22'],
    ],
  },
  {
    file: 'django/auth_user.dumpdata.json',
    ...{ source: 'django', new: 9, reasons: { same_as_earlier_line: 1 }, warnings: { was_administrator: 1 } },
    signIns: [
      ['ann', djangoPassword],
      ['ben', djangoPassword],
      ['cho', djangoPassword],
      ['dal', djangoPassword],
      ['eun', djangoPassword],
      ['gil', djangoPassword],
      ['김철수', '비밀번호 하나 둘'],
      ['nopass', null],
    ],
  },
  {
    file: 'django/auth_user.csv',
    ...{ source: 'django', new: 9, reasons: { same_as_earlier_line: 1 }, warnings: { was_administrator: 1 } },
    signIns: [['ann@example.com', djangoPassword]],
  },
  {
    file: 'django/bakerydemo.auth.json',
    ...{ source: 'django', new: 6, warnings: { was_administrator: 4, groups_left_out: 2 } },
    signIns: [['admin', 'changeme']],
  },
  {
    file: 'django/netbox-demo.auth_user.copy.sql',
    ...{ source: 'django', new: 6, reasons: { same_as_earlier_line: 6 }, warnings: { was_administrator: 2 } },
    signIns: [['admin', 'admin']],
  },
  {
    file: 'kratos/import-identities.json',
    ...{ source: 'kratos', new: 4 },
    warnings: { identity_without_connection: 2, password_clear_text: 1, password_elsewhere: 1 },
    signIns: [
      ['bo@example.com', 'test'],
      ['cleartext@example.com', null],
    ],
  },
  {
    file: 'kratos/196d8c1e-4f04-40f0-94b3-5ec43996b28a.json',
    ...{ source: 'kratos', new: 1 },
  },
  { file: 'zitadel/import-data.json', source: 'zitadel', new: 2 },
  {
    file: 'zitadel/import-human-user.json',
    ...{
      source: 'zitadel',
      new: 1,
      warnings: { identity_without_connection: 1, authenticator_malformed: 1 },
    },
  },
  {
    file: 'wordpress/wp_users.csv',
    ...{ source: 'wordpress', new: 4 },
    signIns: [
      ['admin', 'admin'],
      ['old', 'test12345'],
      ['ancient', 'password'],
      ['plainbcrypt', 'password'],
    ],
  },
  {
    file: 'wordpress/wp-users-with-meta.json',
    ...{ source: 'wordpress', new: 2, warnings: { groups_left_out: 2, was_administrator: 1 } },
  },
  {
    file: 'rails-laravel/devise_users.csv',
    ...{ source: 'devise', new: 2 },
    warnings: { identity_without_connection: 1, second_address: 1, was_locked: 1 },
    signIns: [
      ['ada@example.com', 'password'],
      ['bo@example.com', 'password'],
    ],
  },
  {
    file: 'rails-laravel/laravel_users.csv',
    ...{ source: 'laravel', new: 2 },
    signIns: [['chulsoo@example.kr', 'password']],
  },
  {
    file: 'ldap/planetexpress-openldap.ldif',
    ...{ source: 'ldif', new: 7, warnings: { second_address: 1 } },
    signIns: [
      ['fry', 'fry'],
      ['hermes@planetexpress.com', 'hermes'],
    ],
  },
  {
    file: 'ldap/ad-like.ldif',
    ...{ source: 'ldif', new: 7, warnings: { password_clear_text: 7, password_must_change: 1 } },
    signIns: [['김철수', null]],
  },
  { file: 'ldap/keycloak-example-users.ldif', source: 'ldif', new: 2, warnings: { password_clear_text: 2 } },
]

/** A test for each file, on one engine. */
export function testSamples(engine: StoreEngine): void {
  for (const one of samples)
    test(`${engine.name}: ${one.file}${one.secretFile ? ' with its secret' : ''}`, {
      skip: samplesMissing || engine.skip,
    }, async (t) => {
      const app = await server(t, { engine, settings: { SUMUN_EMAIL_HOSTS: 'any' } })
      const foretold = await importHere(app, one, { isDryRun: true })
      // The command line on one engine; its code beside the server's on the other, which takes less time.
      const done =
        engine.name === 'sqlite'
          ? await importThere(app, one)
          : await importHere(app, one, { isDryRun: false })
      const { file, secretFile, beside, signIns = [], reasons = {}, warnings = {}, ...expected } = one
      const { source, new: made, reasons: why, warnings: about } = done
      assert.deepEqual({ source, new: made, why, about }, { ...expected, why: reasons, about: warnings })
      assert.deepEqual(foretold, done)
      for (const [username, password] of signIns) {
        const answer = await app.post('/login', { json: { username, password: password ?? username } })
        assert.equal(
          answer.status,
          password === null ? 400 : 200,
          `${username}: ${JSON.stringify(answer.body)}`,
        )
        if (password === null) continue
        // Its hash is ours from now on.
        const again = await app.post('/login', { json: { username, password } })
        assert.equal(again.status, 200)
      }
    })
}

type Outcome = ImportCounts & { source: string }

async function importThere(app: TestServer, { file, secretFile, beside }: Sample): Promise<Outcome> {
  const words = [
    ...(secretFile ? ['--secret-file', sample(secretFile)] : []),
    ...(beside ? ['--beside', sample(beside)] : []),
  ]
  const environment = { ...app.environment, SUMUN_EMAIL_HOSTS: 'any' }
  const { exitCode, json, stdout, stderr } = await sumun(['import', sample(file), ...words, '--json'], {
    environment,
  })
  assert.equal(exitCode, 0, stdout + stderr)
  const { dry_run, import: _, resumed_at, ...outcome } = json
  assert.deepEqual([dry_run, resumed_at], [false, 0])
  return outcome
}

async function importHere(
  { running: { engine } }: TestServer,
  { file, secretFile, beside }: Sample,
  { isDryRun }: { isDryRun: boolean },
): Promise<Outcome> {
  const from = { from: null, encoding: null }
  const source = await engine.importFiles.detect(sample(file), from)
  const given = secretFile === undefined ? null : readFileSync(sample(secretFile), 'utf8')
  const opened = await engine.importFiles.open(sample(file), {
    ...{ ...from, options: null, beside: beside ? sample(beside) : null },
    secret: given === null ? null : (source.secret?.read(given) ?? null),
  })
  const wishes = { organisation: null, connections: new Map(), organisations: new Map() }
  const request = {
    ...{ ...wishes, source: source.id, file, fingerprint: opened.fingerprint, rows: opened.rows },
    ...{ joins: false, keepsRoles: false, asksOldSystem: false, actor: 'test' },
  }
  try {
    const run = isDryRun ? rehearseImport : runImport
    const { counts } = await run(engine, request, { report: () => undefined })
    return { source: source.id, ...counts }
  } finally {
    opened.close()
  }
}
