import assert from 'node:assert/strict'
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { houseRules } from '../../tools/house-rules.ts'
import { importFaults } from '../../tools/import-rules.ts'
import { missingFiles } from '../../tools/named-files.ts'

// Every check is checked: a planted violation of each rule must make it fail, and the tree as it is must not.
const root = join(import.meta.dirname, '../..')
const rules: { orders: Record<string, string[]>; forbidden: { name: string }[] } = createRequire(
  import.meta.url,
)('../../.dependency-cruiser.cjs')

async function planted(
  files: Record<string, string>,
  check: (tree: string) => Promise<string[]> | string[],
): Promise<string[]> {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const tree = mkdtempSync(join(root, '.tmp/planted-'))
  try {
    cpSync(join(root, 'src'), join(tree, 'src'), { recursive: true })
    cpSync(join(root, 'sdk/src'), join(tree, 'sdk/src'), { recursive: true })
    cpSync(join(root, 'package.json'), join(tree, 'package.json'))
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true })
      writeFileSync(join(tree, path), text)
    }
    return await check(tree)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

const from = (path: string, name: string): string =>
  `import { ${name} } from '${path}'\nexport const planted = ${name}\n`

const violations: Record<string, Record<string, string>> = {
  'domain-points-down': { 'src/domain/planted.ts': from('../store/open-store.ts', 'openStore') },
  'crypto-points-down': { 'src/crypto/planted.ts': from('../store/open-store.ts', 'openStore') },
  'moving-points-down': { 'src/moving/planted.ts': from('../store/open-store.ts', 'openStore') },
  'words-points-down': { 'src/words/planted.ts': from('../pages/html.ts', 'html') },
  'store-points-down': { 'src/store/planted.ts': from('../engine/sign-in/sign-in.ts', 'signIn') },
  'federation-points-down': {
    'src/federation/planted.ts': from('../engine/sign-in/sign-in.ts', 'signIn'),
  },
  'delivery-points-down': {
    'src/delivery/planted.ts': from('../engine/messages/send-message.ts', 'sendMessage'),
  },
  'settings-points-down': { 'src/settings/planted.ts': from('../engine/sign-in/sign-in.ts', 'signIn') },
  'engine-points-down': { 'src/engine/planted.ts': from('../http/app.ts', 'createApp') },
  'provider-points-down': { 'src/provider/planted.ts': from('../http/app.ts', 'createApp') },
  'http-points-down': { 'src/http/planted.ts': from('../cli/sumun.ts', 'runCommand') },
  'pages-points-down': { 'src/pages/planted.ts': from('../engine/sign-in/sign-in.ts', 'signIn') },
  'cli-points-down': { 'src/cli/planted.ts': from('../http/app.ts', 'createApp') },
  'a-subject-has-a-place-in-the-order': {
    'src/engine/federation/planted.ts': from('../sign-in/sign-in.ts', 'signIn'),
  },
  'a-subject-takes-its-needs': {
    'src/engine/sessions/planted.ts': `import type { Engine } from '../engine.ts'\nexport type Planted = Engine\n`,
  },
  'routes-of-one-subject-know-no-others': {
    'src/http/routes/admin/planted.ts': from('../oauth/keys.ts', 'keyRoutes'),
  },
  'a-method-sees-only-the-domain': {
    'src/methods/planted/index.ts': from('../../engine/sign-in/sign-in.ts', 'signIn'),
    'src/methods/other/index.ts': from('../password/index.ts', 'password'),
  },
  'the-list-of-methods-is-a-list': { 'src/methods/index.ts': from('./password/verify.ts', 'verify') },
  'only-the-server-knows-the-methods': { 'src/engine/planted.ts': from('../methods/index.ts', 'methods') },
  'the-domain-does-nothing': { 'src/domain/planted.ts': from('node:fs', 'readFileSync') },
  'the-sdk-stands-alone': { 'sdk/src/planted.ts': from('../../src/domain/clock.ts', 'systemClock') },
  'browsers-have-no-node': { 'sdk/src/browser/planted.ts': from('node:fs', 'readFileSync') },
  'no-circles': {
    'src/domain/planted-a.ts': from('./planted-b.ts', 'planted'),
    'src/domain/planted-b.ts': from('./planted-a.ts', 'planted'),
  },
  'all-resolved': { 'src/domain/planted.ts': from('./not-there.ts', 'nothing') },
  ...inOrder(),
}

/** For each folder in an order: an import of one that stands after it. */
function inOrder(): Record<string, Record<string, string>> {
  const planted: Record<string, Record<string, string>> = {}
  for (const [folder, subjects] of Object.entries(rules.orders))
    for (const [place, subject] of subjects.slice(0, -1).entries()) {
      const later = `${folder}/${subjects[place + 1]}`
      const [file] = globSync('**/*.ts', { cwd: join(root, later) }).sort()
      const rule = `${folder.replace('src/', '')}-${subject}-in-order`
      planted[rule] = {
        [`${folder}/${subject}/planted.ts`]: `import * as planted from '../${subjects[place + 1]}/${file}'\nexport { planted }\n`,
      }
    }
  return planted
}

test('every import rule has a planted violation', () => {
  assert.deepEqual(Object.keys(violations).sort(), rules.forbidden.map(({ name }) => name).sort())
})

test('the source tree breaks no import rule', async () => {
  assert.deepEqual(await importFaults(root), [])
})

for (const [rule, files] of Object.entries(violations)) {
  test(`a planted violation of ${rule} is found`, async () => {
    const faults = await planted(files, importFaults)
    assert.ok(
      faults.some((fault) => fault.startsWith(`${rule}:`)),
      faults.join('\n'),
    )
  })
}

test('a tree that cannot be read is a fault, not a success', async () => {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const tree = mkdtempSync(join(root, '.tmp/empty-'))
  mkdirSync(join(tree, 'src'))
  try {
    assert.match(
      (await importFaults(tree).catch((error) => [String(error)])).join(),
      /only 0 modules|Can't open/,
    )
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
})

test('a document that names a missing file is detected, and the documents name none', async () => {
  assert.deepEqual(missingFiles(root), [])
  const found = await planted(
    { 'README.md': 'See `src/engine/nothing.ts`, `engine/engine.ts` and [this](docs/nothing.md).\n' },
    missingFiles,
  )
  assert.deepEqual(found, ['README.md names src/engine/nothing.ts', 'README.md names docs/nothing.md'])
})

const plantedText: Record<string, Record<string, string>> = {
  'no method is known by name outside its folder': {
    'src/engine/planted.ts': `export const planted = 'password'\n`,
  },
  'time, randomness and settings come in': { 'src/engine/planted.ts': 'export const planted = Date.now()\n' },
  'comments are narrow, and in standard terms': {
    'src/engine/planted.ts': '/** Whoever has the token. */\nexport const planted = 1\n',
  },
  'files are short': { 'src/engine/planted.ts': '// line\n'.repeat(400) },
}

for (const [rule, files] of Object.entries(plantedText)) {
  test(`house rule: ${rule}`, async () => {
    const check = houseRules[rule]
    assert.ok(check)
    assert.deepEqual(check(root), [])
    assert.ok((await planted(files, check)).length > 0)
  })
}

for (const banned of [
  'Math.random()',
  'new Date()',
  'process.env.HOME',
  'fetch("http://127.0.0.1")',
  'timingSafeEqual(a, b)',
]) {
  test(`house rule: ${banned} is found, and its mention in a comment is not`, async () => {
    const check = houseRules['time, randomness and settings come in']
    assert.ok(check)
    assert.equal(
      (await planted({ 'src/engine/planted.ts': `export const planted = ${banned}\n` }, check)).length,
      1,
    )
    assert.equal((await planted({ 'src/engine/planted.ts': `// not ${banned}\n` }, check)).length, 0)
  })
}
