import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { server } from '../support/fixture.ts'
import { temporaryFolder } from '../support/folder.ts'

// The document is given to the tools that others use on it.
const root = join(import.meta.dirname, '../..')
const run = (script: string, args: string[]): string =>
  execFileSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })

async function documentFile(t: TestContext): Promise<string> {
  const folder = temporaryFolder()
  const app = await server(t)
  const path = join(folder, 'openapi.json')
  writeFileSync(path, JSON.stringify((await app.get('/openapi.json')).body))
  return path
}

test('Redocly finds no error in the document, with its recommended rules', {
  timeout: 120_000,
}, async (t) => {
  const cli = createRequire(join(root, 'package.json')).resolve('@redocly/cli/package.json')
  const found = JSON.parse(
    run(join(dirname(cli), 'bin/cli.js'), [
      'lint',
      await documentFile(t),
      '--extends=recommended',
      '--format=json',
    ]),
  )
  assert.deepEqual(
    [
      found.totals.errors,
      found.problems.filter(({ severity }: { severity: string }) => severity === 'error'),
    ],
    [0, []],
  )
})

test('openapi-typescript generates named types that a program compiles with', {
  timeout: 120_000,
}, async (t) => {
  const path = await documentFile(t)
  const generator = createRequire(join(root, 'tools/openapi-types/package.json')).resolve(
    'openapi-typescript/package.json',
  )
  const types = join(dirname(path), 'types.ts')
  run(join(dirname(generator), 'bin/cli.js'), [path, '-o', types])
  const program = join(dirname(path), 'program.ts')
  writeFileSync(
    program,
    `import type { components, operations } from './types.ts'
     export const nameOf = (account: components['schemas']['Account']): string | null => account.name
     type Listed = operations['listAccounts']['responses'][200]['content']['application/json']
     export const first = ({ accounts }: Listed): string | undefined => accounts[0]?.id
     // @ts-expect-error: an account has no such member
     export const wrong = (account: components['schemas']['Account']) => account.password
     export const code: components['schemas']['Problem']['code'] = 'too_many_attempts'
    `,
  )
  const compiler = createRequire(join(root, 'package.json')).resolve('typescript/package.json')
  run(join(dirname(compiler), 'bin/tsc'), [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
    '--module',
    'nodenext',
    program,
  ])
})
