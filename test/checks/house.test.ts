import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { houseRules } from '../../tools/house-rules.ts'
import { importFaults } from '../../tools/import-rules.ts'

// Every check is checked: a planted violation of each rule must make it fail, and the tree as it is must not.
const root = join(import.meta.dirname, '../..')

async function planted(files: Record<string, string>, check: (tree: string) => Promise<string[]> | string[]): Promise<string[]> {
  mkdirSync(join(root, '.tmp'), { recursive: true })
  const tree = mkdtempSync(join(root, '.tmp/planted-'))
  try {
    cpSync(join(root, 'src'), join(tree, 'src'), { recursive: true })
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

const violations: Record<string, Record<string, string>> = {
  'domain-points-down': {
    'src/domain/planted.ts': `import { openStore } from '../store/open-store.ts'\nexport const planted = openStore\n`,
  },
  'crypto-points-down': { 'src/crypto/planted.ts': `import type { Store } from '../store/store.ts'\nexport type Planted = Store\n` },
  'store-points-down': { 'src/store/planted.ts': `import { signIn } from '../engine/sign-in.ts'\nexport const planted = signIn\n` },
  'settings-points-down': { 'src/settings/planted.ts': `import { signIn } from '../engine/sign-in.ts'\nexport const planted = signIn\n` },
  'engine-points-down': { 'src/engine/planted.ts': `import { createApp } from '../http/app.ts'\nexport const planted = createApp\n` },
  'http-points-down': { 'src/http/planted.ts': `import { runCommand } from '../cli/sumun.ts'\nexport const planted = runCommand\n` },
  'cli-points-down': { 'src/cli/planted.ts': `import { createApp } from '../http/app.ts'\nexport const planted = createApp\n` },
  'a-method-sees-only-the-domain': {
    'src/methods/planted/index.ts': `import { signIn } from '../../engine/sign-in.ts'\nexport const planted = signIn\n`,
    'src/methods/other/index.ts': `import { password } from '../password/index.ts'\nexport const other = password\n`,
  },
  'the-list-of-methods-is-a-list': {
    'src/methods/index.ts': `import { verify } from './password/verify.ts'\nexport const methods = [verify]\n`,
  },
  'only-the-server-knows-the-methods': {
    'src/engine/planted.ts': `import { methods } from '../methods/index.ts'\nexport const planted = methods\n`,
  },
  'the-domain-does-nothing': { 'src/domain/planted.ts': `import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n` },
  'no-circles': {
    'src/domain/planted-a.ts': `import { b } from './planted-b.ts'\nexport const a = () => b\n`,
    'src/domain/planted-b.ts': `import { a } from './planted-a.ts'\nexport const b = () => a\n`,
  },
  'all-resolved': { 'src/domain/planted.ts': `import { nothing } from './not-there.ts'\nexport const planted = nothing\n` },
}

test('the tree as it is breaks no rule of imports', async () => {
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
    assert.match((await importFaults(tree).catch((error) => [String(error)])).join(), /only 0 modules|Can't open/)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
})

const plantedText: Record<string, Record<string, string>> = {
  'no method is known by name outside its folder': { 'src/engine/planted.ts': `export const planted = 'password'\n` },
  'time, randomness and settings come in': { 'src/engine/planted.ts': 'export const planted = Date.now()\n' },
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

for (const banned of ['Math.random()', 'new Date()', 'process.env.HOME', 'fetch("http://127.0.0.1")', 'timingSafeEqual(a, b)']) {
  test(`house rule: ${banned} is found, and its mention in a comment is not`, async () => {
    const check = houseRules['time, randomness and settings come in']
    assert.ok(check)
    assert.equal((await planted({ 'src/engine/planted.ts': `export const planted = ${banned}\n` }, check)).length, 1)
    assert.equal((await planted({ 'src/engine/planted.ts': `// not ${banned}\n` }, check)).length, 0)
  })
}
