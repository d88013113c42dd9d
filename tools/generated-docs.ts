import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashesWaitingMax } from '../src/crypto/password-hash/hash-queue.ts'
import { codeTries } from '../src/domain/one-time-code.ts'
import { policyDocument, presets } from '../src/domain/policy-document.ts'
import { problems } from '../src/domain/problem.ts'
import {
  delayMillisecondsMax,
  failuresMax,
  freeFailures,
  limits,
  smsReservedPercent,
} from '../src/engine/limits/limits.ts'
import { methods } from '../src/methods/index.ts'
import { describeSchema } from '../src/settings/read.ts'
import { settingDefinitions } from '../src/settings/schema.ts'

/** Pages, or parts of pages, that are made from the source: path → text. */
export function generatedDocs(root: string): Record<string, string> {
  return {
    'docs/problems.md': problemsPage(),
    'docs/policy.md': between(readFileSync(join(root, 'docs/policy.md'), 'utf8'), 'rules', rulesTable()),
    'docs/operations.md': between(
      between(readFileSync(join(root, 'docs/operations.md'), 'utf8'), 'settings', settingsTable()),
      'limits',
      limitsTable(),
    ),
  }
}

function problemsPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title, detail }]) =>
      `| \`${code}\` | ${status} | ${title} | ${detail === title ? '' : detail} |`,
  )
  return `# Problems

Every error is an RFC 9457 problem document. \`code\` is for programs and never changes its meaning; \`title\` and \`detail\` are for people, in
the language of \`Accept-Language\`.
\`errors\` names each wrong field by JSON Pointer, and \`request_id\` is in the logs too. Made from \`src/domain/problem.ts\` by
\`npm run docs\`.

| code | status | title | detail, where nothing more is known |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

function settingsTable(): string {
  const rows = settingDefinitions(methods).map(({ environment, flag, schema }) => {
    const fallback = schema.default === undefined || schema.default === '' ? 'unset' : `\`${schema.default}\``
    return `| \`${environment}\`, \`${flag}\` | ${fallback} | ${schema.description}; ${describeSchema(schema).replaceAll('|', '\\|')} |`
  })
  return ['| setting | default | |', '| --- | --- | --- |', ...rows].join('\n')
}

/** What a stranger can cause, and how often. */
function limitsTable(): string {
  const wait = (milliseconds: number) =>
    milliseconds % 60_000 === 0 ? `${milliseconds / 60_000} min` : `${milliseconds / 1000} s`
  const buckets = Object.values(limits).map(
    ({ what, burst, leakMilliseconds }) => `| ${what} | ${burst}, then one in ${wait(leakMilliseconds)} |`,
  )
  return [
    '| what | limit |',
    '| --- | --- |',
    `| wrong answers for one name from one source | ${freeFailures}, then 1 s, doubled each time up to ${wait(delayMillisecondsMax)} |`,
    `| wrong answers in a row for a credential | ${failuresMax}, then it is disabled until its owner signs in another way; it still works at known places |`,
    `| answers to one code or link | ${codeTries} |`,
    ...buckets,
    `| text messages a day that are kept for known places | ${smsReservedPercent} of 100 |`,
    `| password hashes waiting | ${hashesWaitingMax}; sources take turns; when full, the busiest source's newest job is dropped |`,
  ].join('\n')
}

interface RuleSchema {
  properties?: Record<string, RuleSchema>
  description?: string
  enum?: unknown[]
  anyOf?: RuleSchema[]
  minimum?: number
  maximum?: number
}

/** Every rule of the policy document: where it stands, what it says in each preset, what it is for. */
function rulesTable(): string {
  const rows: string[] = []
  const walk = (schema: RuleSchema, path: string[]): void => {
    if (schema.description && path.length > 0) rows.push(ruleRow(schema, path))
    const inner = schema.anyOf?.find(({ properties }) => properties) ?? schema
    // A requirement is the same wherever it stands; it is described above the table.
    if (inner.properties && !('phishingResistant' in inner.properties))
      for (const [name, property] of Object.entries(inner.properties))
        if (!('phishingResistant' in (property.properties ?? {}))) walk(property, [...path, name])
  }
  walk(policyDocument as unknown as RuleSchema, [])
  const names = Object.keys(presets)
  return [
    `| rule | ${names.map((name) => `\`${name}\``).join(' | ')} | |`,
    `| --- |${names.map(() => ' --- |').join('')} --- |`,
    ...rows,
  ].join('\n')
}

function ruleRow({ description, minimum, maximum, enum: choices }: RuleSchema, path: string[]): string {
  const values = Object.values(presets).map((preset) => {
    const value = path.reduce<unknown>(
      (part, name) => (part as Record<string, unknown> | undefined)?.[name],
      preset,
    )
    return `\`${JSON.stringify(value)}\``
  })
  const bounds = choices
    ? `; one of ${choices.join(', ')}`
    : minimum === undefined
      ? ''
      : `; from ${minimum} to ${maximum}`
  return `| \`${path.join('.')}\` | ${values.join(' | ')} | ${description}${bounds} |`
}

function between(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${content}\n\n${text.slice(text.indexOf(end))}`
}
