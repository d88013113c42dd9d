import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrations } from '../src/store/migrations/index.ts'
import { knownStatements } from '../src/store/statement.ts'

/**
 * `node tools/landed-statements.ts`, before a version is released: writes down every statement that it runs,
 * so that the next one can be checked to leave it a schema that it can run on (docs/operations.md, Upgrades).
 */
for (const path of globSync(join(import.meta.dirname, '../src/store/**/*.ts'))) await import(path)
/** Of a restore, which stops other nodes, and for one engine only. */
const ofRestore = /^(clear_|indexesOf|bulk_)|In(Sqlite|Postgres)$/
const statements = knownStatements()
  .filter(({ name }) => !ofRestore.test(name))
  .map(({ name, questionText, dollarText, together }) => ({
    name,
    questionText,
    dollarText,
    together: together?.dollarText ?? null,
  }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))
const file = join(
  import.meta.dirname,
  `../test/fixtures/statements-${String(migrations.length).padStart(4, '0')}.json`,
)
writeFileSync(file, `${JSON.stringify(statements, null, 1)}\n`)
console.log(`${statements.length} statements in ${file}`)
