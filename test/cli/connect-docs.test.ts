import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { presets } from '../../src/federation/presets/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { samlIdp } from '../support/saml-idp.ts'
import { sumun } from '../support/sumun.ts'

// docs/connect: every preset has a page, and what the pages say to type works as it stands.
const folder = join(import.meta.dirname, '../../docs/connect')
const pages = globSync('*.md', { cwd: folder }).filter((name) => name !== 'README.md')
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** The words of a shell command that uses quotes and one variable. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) =>
    (single ?? double ?? plain ?? '').replace('$CLIENT_ID', 'client-1'),
  )

test('every preset has a page in English, and the list names them all', () => {
  for (const { id } of presets) assert.ok(pages.includes(`${id}.md`), id)
  for (const page of pages) assert.ok(textOf('README.md').includes(`(${page})`), page)
})

test('the command of each page makes a connection, whose redirect URI the page names', async () => {
  // Pages of one provider in two languages name the same slug.
  const folders = { english: temporaryFolder(), others: temporaryFolder() }
  for (const page of pages) {
    const found = /^npx sumun (connection add .*?) < (secret\.txt|metadata\.xml)$/ms.exec(textOf(page))
    const command = found?.[1]
    assert.ok(command, `${page} has a command`)
    const input = found[2] === 'metadata.xml' ? (await samlIdp()).metadata() : 'a secret'
    const environment = {
      SUMUN_DATA: /^[\w-]+\.md$/.test(page) ? folders.english : folders.others,
      SUMUN_ISSUER: 'https://id.example.com',
    }
    const words = [...wordsOf(command.replaceAll('\\\n', ' ')), '--json']
    const added = await sumun(words, { environment, input })
    assert.equal(added.exitCode, 0, `${page}: ${added.stderr}`)
    // A directory sends no one back.
    if (added.json.kind !== 'ldap')
      assert.ok(textOf(page).includes(`\`${added.json.callback_url}\``), `${page} names the redirect URI`)
    assert.ok(textOf(page).includes(`connection test ${added.json.slug}`))
  }
})
