import { basename } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { Connection } from '../../domain/connection.ts'
import type { ImportCounts, ImportLine } from '../../domain/import-report.ts'
import type { ImportSource } from '../../domain/import-source.ts'
import type { Engine } from '../../engine/engine.ts'
import { connectionsBySlug, type ImportWishes, wishesKey } from '../../engine/moving/import-wishes.ts'
import type { ImportRequest } from '../../engine/moving/needs.ts'
import { restoreOrganisations } from '../../engine/moving/restore-organisations.ts'
import { type ImportResult, rehearseImport, runImport } from '../../engine/moving/run-import.ts'
import { encodings } from '../../moving/format/open-text.ts'
import { importSources } from '../../moving/index.ts'
import { readPolicy } from '../../settings/policy-file.ts'
import {
  type Command,
  type CommandInput,
  exitCodes,
  listOf,
  readSmall,
  refusal,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { organisationNamed } from '../find-organisation.ts'
import { createProgress } from '../import-progress.ts'
import { outlookWords, skipWords, warningWords } from '../import-report/words.ts'
import { createReportWriter } from '../import-report/write-report.ts'

const linesShownMax = 20

// Rows live for one batch: what V8 lets pile up before it collects is most of the memory, and gains little.
const collectsEarly = ['--semi-space-growth-factor=1', '--heap-growing-percent=50']

export const importUsers: Command = {
  name: 'import',
  summary:
    'Import the users of another system from a file, with their passwords. Stopped, it continues where it was.',
  arguments: ['FILE'],
  options: {
    from: {
      type: 'string',
      value: 'SYSTEM',
      description: `Which system the file is from; found by itself otherwise: ${importSources.map(({ id }) => id).join(', ')}`,
    },
    'dry-run': { type: 'boolean', description: 'Write nothing; report what would become of each row' },
    policy: {
      type: 'string',
      value: 'FILE',
      description: 'Of a dry run: a policy document, under which the new accounts would sign in',
    },
    report: { type: 'string', value: 'FILE', description: 'Write a report by line: .html, .csv or .jsonl' },
    beside: {
      type: 'string',
      value: 'FILE',
      description: 'A second file: hashes of Auth0, identities of Supabase',
    },
    'secret-file': {
      type: 'string',
      value: 'FILE',
      description: 'What hashes need besides: the hash parameters of Firebase, the pepper of Devise',
    },
    org: {
      type: 'string',
      value: 'ORG',
      description: 'Make all members of an organisation; groups become roles',
    },
    connection: {
      type: 'string',
      value: 'LIST',
      description:
        'Which connections stand for which providers, such as google=google,okta=corp; by the same name otherwise',
    },
    join: {
      type: 'boolean',
      description:
        'Add to accounts with the same verified address what they lack, instead of skipping the row',
    },
    'ask-old-system': {
      type: 'boolean',
      description:
        'Who brings no password is asked for the one that the other system knows, at SUMUN_OLD_SYSTEM_URL',
    },
    roles: {
      type: 'boolean',
      description: 'Of a file of `sumun export`: operators, helpers and auditors stay what they were',
    },
    encoding: {
      type: 'string',
      value: 'NAME',
      description: `Of the text, if not UTF-8: ${encodings.join(', ')}`,
    },
  },
  run(input) {
    for (const flag of collectsEarly) setFlagsFromString(flag)
    return withInstallation(input, ({ engine }) => importFile(engine, input), { writesApart: true })
  },
}

async function importFile(engine: Engine, input: CommandInput) {
  const [path = ''] = input.arguments
  const isDryRun = input.options['dry-run'] === true
  const reportPath = textOf(input, 'report')
  const policyPath = textOf(input, 'policy')
  if (policyPath !== undefined && !isDryRun) throw refusal('policy', 'goes with --dry-run')
  const policy = policyPath === undefined ? undefined : await readPolicy(policyPath)
  const from = { from: textOf(input, 'from') ?? null, encoding: textOf(input, 'encoding') ?? null }
  const source = await engine.importFiles.detect(path, from)
  const wishes = await readWishes(engine, input)
  const opened = await engine.importFiles.open(path, {
    ...{ ...from, from: source.id, beside: textOf(input, 'beside') ?? null, options: wishesKey(wishes) },
    secret: await readSecret(input, source),
  })
  try {
    const head = { file: basename(path), source: source.name, isDryRun }
    const report = reportPath === undefined ? undefined : createReportWriter(reportPath, head)
    const progress = createProgress(input, opened.progress)
    const shown: ImportLine[] = []
    const { fingerprint, rows } = opened
    const organisations = await restoreOrganisations(engine, opened.organisations, { actor: 'cli', isDryRun })
    const request: ImportRequest = {
      ...{ ...wishes, source: source.id, file: basename(path), fingerprint, rows, organisations },
      actor: 'cli',
      ...(policy && { policy }),
    }
    const run = isDryRun ? rehearseImport : runImport
    const result = await run(engine, request, {
      async report(lines) {
        progress.count(lines.length)
        for (const line of lines)
          if (line.outcome === 'skipped' && shown.length < linesShownMax) shown.push(line)
        await report?.take(lines)
      },
    })
    progress.end()
    await report?.end(result.counts)
    return present(source, result, { shown, isDryRun })
  } finally {
    opened.close()
  }
}

/** Throws `not_found`. */
async function readWishes(engine: Engine, input: CommandInput): Promise<ImportWishes> {
  const org = textOf(input, 'org')
  const asksOldSystem = input.options['ask-old-system'] === true
  if (asksOldSystem && input.settings.server.oldSystemUrl === undefined)
    throw refusal('ask-old-system', 'needs SUMUN_OLD_SYSTEM_URL and SUMUN_OLD_SYSTEM_SECRET')
  return {
    asksOldSystem,
    organisation: org === undefined ? null : await organisationNamed(engine, org),
    connections: await connectionsFor(engine, input),
    ...{ joins: input.options.join === true, keepsRoles: input.options.roles === true },
  }
}

/** From a file, or asked for at the terminal. */
async function readSecret(input: CommandInput, { name, secret }: ImportSource): Promise<string | null> {
  const path = textOf(input, 'secret-file')
  if (path === undefined && !secret?.isRequired) return null
  if (!secret) throw refusal('secret-file', `has no use with files of ${name}`)
  if (path !== undefined) return secret.read(readSmall(path, 'secret-file'))
  const given = await input.ask?.(`Where is the file with ${secret.what}? (empty: import without passwords) `)
  return given ? secret.read(readSmall(given.trim(), 'secret-file')) : null
}

/** By the name that the other system has for the provider, in lower case. Throws `invalid_fields`. */
async function connectionsFor(engine: Engine, input: CommandInput): Promise<Map<string, Connection>> {
  const bySlug = await connectionsBySlug(engine)
  const found = new Map(bySlug)
  for (const pair of listOf(input, 'connection')) {
    const [, provider = '', slug = ''] = /^(.+)=([^=]+)$/.exec(pair) ?? []
    const connection = bySlug.get(slug)
    if (!connection) throw refusal('connection', `${pair}: there is no such connection`)
    found.set(provider.toLowerCase(), connection)
  }
  return found
}

function present(
  source: ImportSource,
  { job, resumedAt, counts }: ImportResult,
  { shown, isDryRun }: { shown: readonly ImportLine[]; isDryRun: boolean },
) {
  return {
    data: { source: source.id, dry_run: isDryRun, import: job?.id ?? null, resumed_at: resumedAt, ...counts },
    text: describe(source, counts, { shown, isDryRun, resumedAt }),
    ...(counts.rows === 0 && { exitCode: exitCodes.found }),
  }
}

function describe(
  { name }: ImportSource,
  counts: ImportCounts,
  { shown, isDryRun, resumedAt }: { shown: readonly ImportLine[]; isDryRun: boolean; resumedAt: number },
): string {
  const said = <Key extends string>(given: Partial<Record<Key, number>>, words: Record<Key, string>) =>
    Object.entries<number | undefined>(given).map(([key, value]) => [`  ${words[key as Key]}`, String(value)])
  const rows = [
    [isDryRun ? 'would be new' : 'new', String(counts.new)],
    [isDryRun ? 'would be added to accounts' : 'added to accounts', String(counts.joined)],
    ['skipped', String(counts.skipped)],
    ...said(counts.reasons, skipWords),
    ...(Object.keys(counts.warnings).length > 0 ? [['imported, but', '']] : []),
    ...said(counts.warnings, warningWords),
    ...(counts.outlooks ? [['under the policy, new accounts', '']] : []),
    ...said(counts.outlooks ?? {}, outlookWords),
    ...(Object.keys(counts.hashes).length > 0 ? [['password hashes', '']] : []),
    ...Object.entries(counts.hashes).map(([label, value]) => [`  ${label}`, String(value)]),
  ]
  const lines = shown.map(({ line, identifier, sourceId, reason, about }) => [
    ...[String(line), identifier ?? sourceId ?? '', reason === null ? '' : skipWords[reason]],
    about === null ? '' : reason === 'same_as_earlier_line' ? `line ${about}` : about,
  ])
  return [
    ...(resumedAt > 0 ? [`continued after row ${resumedAt}`] : []),
    table([`${name}: ${counts.rows} rows`, ''], rows),
    ...(lines.length > 0 ? ['', table(['line', 'who', 'skipped because it', ''], lines)] : []),
  ].join('\n')
}
