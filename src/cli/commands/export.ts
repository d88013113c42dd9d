import { createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { ExportCounts, ExportLine } from '../../domain/account-export.ts'
import { type ExportScope, exportLines } from '../../engine/moving/export-accounts.ts'
import { keycloakRealm } from '../../moving/keycloak-realm.ts'
import { openStoreOn } from '../../store/open-store.ts'
import {
  type Command,
  type CommandInput,
  type OpenInstallation,
  oneOf,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { findAccount } from '../find-account.ts'
import { organisationNamed } from '../find-organisation.ts'

const forms = ['sumun', 'keycloak'] as const

export const exportUsers: Command = {
  name: 'export',
  summary:
    'Write all accounts to one file, with their credentials in a form that another installation or Keycloak can read. It holds secrets: keep it as safe as the database.',
  arguments: ['FILE'],
  options: {
    to: { type: 'string', value: 'FORM', description: `Of ${forms.join(', ')} (default: sumun)` },
    org: { type: 'string', value: 'ORG', description: 'Only the members of an organisation' },
    user: { type: 'string', value: 'ACCOUNT', description: 'Only one account' },
    overwrite: { type: 'boolean', description: 'Replace an existing file' },
  },
  run: (input) => {
    const [path = ''] = input.arguments
    if (existsSync(path) && !input.options.overwrite)
      throw new Error(`${path} exists already; choose another file, or add --overwrite`)
    const form = oneOf(input, 'to', forms) ?? 'sumun'
    return withInstallation(input, async (installation) => {
      const { database, engine } = installation
      const scope = await scopeOf(input, installation)
      const counts = await database.snapshot((view) =>
        write(path, {
          lines: exportLines(engine, openStoreOn(view, database.engine), scope),
          form,
          progress: (accounts) => input.progress(`${accounts} accounts`),
        }),
      )
      input.progress('')
      return {
        data: { file: path, ...counts },
        text: table(
          ['in the file', ''],
          Object.entries(counts).map(([name, value]) => [name, String(value)]),
        ),
      }
    })
  },
}

async function scopeOf(input: CommandInput, { engine }: OpenInstallation): Promise<ExportScope> {
  const [org, user] = [textOf(input, 'org'), textOf(input, 'user')]
  if (org !== undefined) return { organisation: await organisationNamed(engine, org) }
  return user === undefined ? 'all' : { account: (await findAccount(engine, user)).id }
}

const accountsBetweenReports = 1_000

async function write(
  path: string,
  given: {
    lines: AsyncGenerator<ExportLine>
    form: (typeof forms)[number]
    progress(accounts: number): void
  },
): Promise<ExportCounts> {
  let counts: ExportCounts | undefined
  let accounts = 0
  async function* watched(): AsyncGenerator<ExportLine> {
    for await (const line of given.lines) {
      if ('end' in line) counts = line.end
      if ('account' in line && ++accounts % accountsBetweenReports === 0) given.progress(accounts)
      yield line
    }
  }
  const texts = given.form === 'keycloak' ? keycloakRealm(watched()) : jsonLines(watched())
  await pipeline(texts, createWriteStream(path, { mode: 0o600 }))
  if (!counts) throw new Error('the export did not come to its end')
  return counts
}

async function* jsonLines(lines: AsyncGenerator<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}
