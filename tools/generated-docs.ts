import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { policyDocument, presets } from '../src/domain/policy-document.ts'
import { problems } from '../src/domain/problem.ts'
import { methods } from '../src/methods/index.ts'
import { describeSchema } from '../src/settings/read.ts'
import { settingDefinitions } from '../src/settings/schema.ts'

/** Pages, or parts of pages, that are made from the source: path → text. */
export function generatedDocs(root: string): Record<string, string> {
  return {
    'docs/problems.md': problemsPage(),
    'docs/policy.md': between(readFileSync(join(root, 'docs/policy.md'), 'utf8'), 'rules', rulesTable()),
    'docs/operations.md': between(readFileSync(join(root, 'docs/operations.md'), 'utf8'), 'settings', settingsTable()),
  }
}

function problemsPage(): string {
  const rows = Object.entries(problems).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`)
  return `# Problems

Every error is an RFC 9457 problem document. \`code\` is for programs and never changes its meaning; \`title\` and \`detail\` are for people.
\`errors\` names each wrong field by JSON Pointer, and \`request_id\` is in the logs too. Made from \`src/domain/problem.ts\` by
\`npm run docs\`.

| code | status | title |
| --- | --- | --- |
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
    const value = path.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], preset)
    return `\`${JSON.stringify(value)}\``
  })
  const bounds = choices ? `; one of ${choices.join(', ')}` : minimum === undefined ? '' : `; from ${minimum} to ${maximum}`
  return `| \`${path.join('.')}\` | ${values.join(' | ')} | ${description}${bounds} |`
}

function between(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${content}\n\n${text.slice(text.indexOf(end))}`
}
