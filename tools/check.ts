import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { generatedDocs } from './generated-docs.ts'
import { houseRules } from './house-rules.ts'
import { importFaults } from './import-rules.ts'
import { missingFiles } from './named-files.ts'

/**
 * `npm run check`: types, format and lint, the direction of imports, dead code, and the rules of the house
 * that no tool knows.
 */
const tools: readonly [string, ...string[]][] = [
  ['tsc', '-p', '.'],
  ['tsc', '-p', 'sdk'],
  ['biome', 'ci', '--colors=off', '--error-on-warnings', '.'],
  ['knip', '--no-config-hints'],
]

let failed = 0
function report(name: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  for (const fault of faults) console.log(`     ${fault}`)
  if (faults.length > 0) failed++
}

for (const [command, ...words] of tools) {
  const { status, stdout, stderr } = spawnSync(`node_modules/.bin/${command}`, words, { encoding: 'utf8' })
  report(command, status === 0 ? [] : `${stdout}${stderr}`.trim().split('\n'))
}
report('imports point down', await importFaults('.'))
const stale = Object.entries(generatedDocs('.')).filter(
  ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
)
report(
  'generated pages are current',
  stale.map(([path]) => `${path}: \`npm run docs\` writes it anew`),
)
report('documents name files that exist', missingFiles('.'))
for (const [name, check] of Object.entries(houseRules)) report(name, check('.'))
process.exit(failed === 0 ? 0 : 1)
