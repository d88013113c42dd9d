import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { importSources } from '../../src/moving/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sample, samplesMissing } from '../support/samples.ts'

// docs/moving: every system has a page, and what the pages say to type works as it stands.
const folder = join(import.meta.dirname, '../../docs/moving')
const main = join(import.meta.dirname, '../../bin/sumun.js')
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** Which files stand for those that a page names. */
const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  keycloak: { 'realm.json': 'keycloak/kc26-playground-realm-argon2.json' },
  auth0: { 'users.json': 'auth0/bulk-import.json' },
  firebase: { 'users.json': 'firebase/users.json', 'parameters.txt': 'firebase/hash-parameters.txt' },
  supabase: {
    'auth_users.csv': 'supabase/auth_users.csv',
    'auth_identities.csv': 'supabase/auth_identities.csv',
  },
  clerk: { 'users.csv': 'clerk/clerk-export.csv' },
  cognito: { 'users.json': 'cognito/list-users.json' },
  'better-auth': { 'copy.sqlite': 'better-auth/better-auth.sqlite' },
  django: { 'users.json': 'django/auth_user.dumpdata.json' },
  wordpress: { 'users.csv': 'wordpress/wp_users.csv' },
  rails: { 'users.csv': 'rails-laravel/devise_users.csv' },
  laravel: { 'users.csv': 'rails-laravel/laravel_users.csv' },
  kratos: { 'identities.json': 'kratos/import-identities.json' },
  zitadel: { 'data.json': 'zitadel/import-data.json' },
  ldif: { 'directory.ldif': 'ldap/planetexpress-openldap.ldif' },
}

test('every system has a page, and the list names them all', () => {
  const pages = globSync('*.md', { cwd: folder }).filter((name) => name !== 'README.md')
  for (const page of pages) assert.ok(textOf('README.md').includes(`(${page})`), page)
  const names: Readonly<Record<string, string>> = { devise: 'rails', simple: 'csv', sumun: 'export' }
  for (const { id } of importSources) assert.ok(pages.includes(`${names[id] ?? id}.md`), id)
})

for (const [page, of] of Object.entries<Readonly<Record<string, string>>>({ ...files, csv: {} }))
  test(`the commands of docs/moving/${page}.md import its users`, {
    skip: page === 'csv' ? false : samplesMissing,
  }, () => {
    const cwd = temporaryFolder()
    for (const [name, path] of Object.entries(of)) copyFileSync(sample(path), join(cwd, name))
    if (page === 'csv') writeFileSync(join(cwd, 'users.csv'), 'email,name\nkim@example.com,김민지\n')
    const commands = [...textOf(`${page}.md`).matchAll(/^npx sumun (import .*)$/gm)].map(
      ([, words = '']) => words,
    )
    assert.equal(commands.length, 2)
    for (const command of commands) {
      const run = spawnSync(process.execPath, [main, ...command.split(' '), '--json'], {
        ...{ cwd, encoding: 'utf8' },
        env: { PATH: process.env.PATH, SUMUN_DATA: join(cwd, 'data') },
      })
      assert.equal(run.status, 0, run.stdout + run.stderr)
      assert.ok(JSON.parse(run.stdout).new > 0, run.stdout)
    }
    assert.match(readFileSync(join(cwd, 'report.html'), 'utf8'), /What would be imported/)
  })

test('the commands of docs/moving/export.md write their files', () => {
  const cwd = temporaryFolder()
  for (const [, command = ''] of textOf('export.md').matchAll(/^npx sumun (export .*)$/gm)) {
    const run = spawnSync(process.execPath, [main, ...command.split(' ')], {
      ...{ cwd, encoding: 'utf8' },
      env: { PATH: process.env.PATH, SUMUN_DATA: join(cwd, 'data') },
    })
    assert.equal(run.status, 0, run.stdout + run.stderr)
    assert.ok(existsSync(join(cwd, command.split(' ')[1] ?? '')))
  }
})
