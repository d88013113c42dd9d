import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problems } from '../src/domain/problem.ts'
import { methods } from '../src/methods/index.ts'
import { describeSchema } from '../src/settings/read.ts'
import { settingDefinitions } from '../src/settings/schema.ts'

/** Pages, or parts of pages, that are made from the source: path → text. */
export function generatedDocs(root: string): Record<string, string> {
  return {
    'docs/problems.md': problemsPage(),
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

function between(text: string, mark: string, content: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`]
  return `${text.slice(0, text.indexOf(begin) + begin.length)}\n\n${content}\n\n${text.slice(text.indexOf(end))}`
}
