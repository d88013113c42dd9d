import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser'

// A parser that reads nothing finds nothing; far fewer modules than there are is a fault of the check itself.
const modulesMin = 100

/** What breaks the rules of `.dependency-cruiser.cjs` in the tree under `root`. */
export async function importFaults(root: string): Promise<string[]> {
  const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as IConfiguration
  const { output } = await cruise(existsSync(join(root, 'sdk')) ? ['src', 'sdk/src'] : ['src'], {
    ...rules.options,
    ruleSet: { forbidden: rules.forbidden ?? [] },
    validate: true,
    baseDir: resolve(root),
  })
  const { modules, summary } = output as ICruiseResult
  const own = modules.filter(({ source }) => source.startsWith('src/')).length
  const faults = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
  return own < modulesMin ? [`only ${own} modules were read`, ...faults] : faults
}
