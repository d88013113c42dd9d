import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Connection } from '../../domain/connection.ts'
import type { ImportCounts, ImportLine } from '../../domain/import-report.ts'
import type { ImportSource } from '../../domain/import-source.ts'
import { Problem } from '../../domain/problem.ts'
import type { Engine } from '../../engine/engine.ts'
import type { ImportRequest } from '../../engine/moving/needs.ts'
import { restoreOrganisations } from '../../engine/moving/restore-organisations.ts'
import { type ImportResult, rehearseImport, runImport } from '../../engine/moving/run-import.ts'
import { type Encoding, encodings } from '../../moving/format/open-text.ts'
import { importSources } from '../../moving/index.ts'
import { detectSource, openFile, tailOf } from '../../moving/open-file.ts'
import { fingerprintOf, readBeside, readOrganisations, readRows } from '../../moving/read-rows.ts'
import { openScratch } from '../../store/scratch.ts'
import {
  type Command,
  type CommandInput,
  exitCodes,
  listOf,
  oneOf,
  refusal,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { organisationNamed } from '../find-organisation.ts'
import { createProgress } from '../import-progress.ts'
import { skipWords, warningWords } from '../import-report/words.ts'
import { createReportWriter } from '../import-report/write-report.ts'

const linesShownMax = 20

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
  run: (input) => withInstallation(input, ({ engine }) => importFile(engine, input)),
}

async function importFile(engine: Engine, input: CommandInput) {
  const [path = ''] = input.arguments
  const isDryRun = input.options['dry-run'] === true
  const scratch = openScratch()
  try {
    const { source, request, open } = await prepare(engine, input, { path, beside: scratch })
    const head = { file: basename(path), source: source.name, isDryRun }
    const reportPath = textOf(input, 'report')
    const report = reportPath === undefined ? undefined : createReportWriter(reportPath, head)
    const progress = createProgress(input, open.progress)
    const shown: ImportLine[] = []
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
    scratch.close()
  }
}

async function prepare(
  engine: Engine,
  input: CommandInput,
  { path, beside }: { path: string; beside: ReturnType<typeof openScratch> },
) {
  const encoding = oneOf(input, 'encoding', encodings) ?? null
  const from = oneOf(
    input,
    'from',
    importSources.map(({ id }) => id),
  )
  const sources = from === undefined ? importSources : importSources.filter(({ id }) => id === from)
  const source =
    from === undefined
      ? await detectSource(await openFile(path, { encoding, sources }), sources)
      : (sources[0] as ImportSource)
  const open = await openFile(path, { encoding, sources: [source] })
  if (!source.formats.includes(open.format))
    throw refusal('from', `${source.id} reads ${source.formats.join(', ')}; this file is ${open.format}`)
  const secret = await readSecret(input, source)
  const second = textOf(input, 'beside')
  if (second !== undefined) await readSecond(second, { source, encoding, beside })
  if (source.isWhole?.(await tailOf(path)) === false)
    throw new Problem('invalid_fields', { detail: `${path} ends in the middle: its last line is missing` })
  const org = textOf(input, 'org')
  const organisation = org === undefined ? null : await organisationNamed(engine, org)
  const connections = await connectionsFor(engine, input)
  const [joins, keepsRoles] = [input.options.join === true, input.options.roles === true]
  const organisations = await restoreOrganisations(
    engine,
    await readOrganisations(await openFile(path, { encoding, sources: [source] }), source),
    { actor: 'cli', isDryRun: input.options['dry-run'] === true },
  )
  const options = {
    ...{ source: source.id, secret, encoding, organisation: organisation?.id ?? null, joins, keepsRoles },
    connections: [...connections].map(([name, { id }]) => [name, id]),
  }
  const request: ImportRequest = {
    ...{ source: source.id, file: basename(path), organisation, connections, joins, actor: 'cli' },
    ...{ organisations, keepsRoles },
    fingerprint: await fingerprintOf(second === undefined ? [path] : [path, second], options),
    rows: readRows(open, { source, secret, beside, now: engine.clock.now() }),
  }
  return { source, request, open }
}

async function readSecond(
  path: string,
  given: { source: ImportSource; encoding: Encoding | null; beside: ReturnType<typeof openScratch> },
): Promise<void> {
  if (!given.source.side) throw refusal('beside', `has no use with files of ${given.source.name}`)
  const found = await readBeside(path, given)
  if (found === 0) throw refusal('beside', `${path} has nothing to add to files of ${given.source.name}`)
}

/** From a file, or asked for at the terminal. */
async function readSecret(input: CommandInput, { name, secret }: ImportSource): Promise<string | null> {
  const path = textOf(input, 'secret-file')
  if (path === undefined && !secret?.isRequired) return null
  if (!secret) throw refusal('secret-file', `has no use with files of ${name}`)
  if (path !== undefined) return secret.read(readSmall(path))
  const given = await input.ask?.(`Where is the file with ${secret.what}? (empty: import without passwords) `)
  return given ? secret.read(readSmall(given.trim())) : null
}

function readSmall(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw refusal('secret-file', `cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

const connectionsMax = 500

/** By the name that the other system has for the provider, in lower case. Throws `not_found`. */
async function connectionsFor(engine: Engine, input: CommandInput): Promise<Map<string, Connection>> {
  const connections = await engine.store.connections.list({ after: null, limit: connectionsMax })
  const bySlug = new Map(connections.map((connection) => [connection.slug, connection]))
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
