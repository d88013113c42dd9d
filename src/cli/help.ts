import { describeSchema } from '../settings/read.ts'
import type { SettingDefinition } from '../settings/schema.ts'
import { type Command, table } from './command.ts'

/** What `sumun --help` prints. */
export function overview(commands: readonly Command[], version: string): string {
  const rows = commands.map(({ name, arguments: words = [], summary }) => [
    `  sumun ${[name, ...words].join(' ')}`,
    summary,
  ])
  return [
    `sumun ${version}`,
    '',
    table(['Commands', ''], rows),
    '',
    'Each takes --help, --json, and every setting as a flag (`sumun start --help-all` lists them).',
    'Exit codes: 0 success, 1 refused, 2 usage error, 3 configuration error, 4 a check found something.',
  ].join('\n')
}

/** What `sumun COMMAND --help` prints. */
export function commandHelp(
  { name, arguments: words = [], summary, options = {} }: Command,
  definitions: readonly SettingDefinition[],
): string {
  const own = Object.entries(options).map(([option, { value, description }]) => [
    `  --${option}${value ? ` ${value}` : ''}`,
    description,
  ])
  const common = [
    ['  --json', 'Print one JSON object'],
    ['  --help', 'Print this'],
    [
      '  --help-all',
      `List the ${definitions.length} settings too: each is a flag and an environment variable`,
    ],
  ]
  return [
    `sumun ${[name, ...words].join(' ')}`,
    '',
    summary,
    '',
    table(['Options', ''], [...own, ...common]),
  ].join('\n')
}

/** What `sumun COMMAND --help-all` prints. */
export const commandHelpAll = (command: Command, definitions: readonly SettingDefinition[]): string =>
  [
    commandHelp(command, definitions),
    '',
    table(['Settings', 'Environment', 'Default', ''], definitions.map(settingRow)),
  ].join('\n')

const settingRow = ({ flag, environment, schema }: SettingDefinition): string[] => [
  `  ${flag}`,
  environment,
  schema.default === undefined || schema.default === '' ? '-' : String(schema.default),
  `${schema.description ?? ''} (${describeSchema(schema)})`,
]
