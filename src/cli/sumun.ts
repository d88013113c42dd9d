import { parseArgs } from 'node:util'
import type { MethodDefinition } from '../domain/method.ts'
import { Problem } from '../domain/problem.ts'
import { readSettings, SettingsError } from '../settings/read.ts'
import { type SettingDefinition, settingDefinitions } from '../settings/schema.ts'
import { type Command, type CommandInput, type CommandResult, exitCodes, type Program } from './command.ts'
import { auditTail, auditVerify } from './commands/audit.ts'
import { backup, restore } from './commands/backup.ts'
import {
  clientAdd,
  clientInvite,
  clientList,
  clientRemove,
  clientRotateSecret,
  clientShow,
  clientUpdate,
} from './commands/client.ts'
import {
  connectionAdd,
  connectionList,
  connectionRemove,
  connectionShow,
  connectionTest,
  connectionUpdate,
} from './commands/connection.ts'
import { connectionCheck } from './commands/connection-check.ts'
import { connectionRefresh } from './commands/connection-refresh.ts'
import { doctor } from './commands/doctor.ts'
import { exportUsers } from './commands/export.ts'
import { importUsers } from './commands/import.ts'
import { keyList, keyRevoke, keyRotate } from './commands/key.ts'
import { migrate } from './commands/migrate.ts'
import { orgAdd, orgList, orgRehearse, orgRemove, orgShow, orgUpdate } from './commands/organisation.ts'
import {
  orgDomainAdd,
  orgDomainList,
  orgDomainRemove,
  orgDomainVerify,
} from './commands/organisation-domain.ts'
import {
  orgInvite,
  orgMemberAdd,
  orgMemberList,
  orgMemberRemove,
  orgMemberRole,
} from './commands/organisation-member.ts'
import { orgScimAdd, orgScimList, orgScimRemove } from './commands/organisation-scim.ts'
import { policyCheck, policyExplain, policyRehearse } from './commands/policy.ts'
import { connectionRotateKey, samlRotateKey } from './commands/rotate-key.ts'
import { samlAdd, samlList, samlRemove, samlShow, samlUpdate } from './commands/saml.ts'
import { start } from './commands/start.ts'
import { userAdd, userInvite } from './commands/user-add.ts'
import {
  userDelete,
  userDisable,
  userEnable,
  userRecoveryLink,
  userResetPassword,
  userRole,
  userSessions,
} from './commands/user-change.ts'
import { userIssueKey, userRemoveCredential } from './commands/user-credentials.ts'
import { userFind, userList, userShow } from './commands/user-list.ts'
import { commandHelp, commandHelpAll, overview } from './help.ts'

export const commands: readonly Command[] = [
  start,
  migrate,
  doctor,
  userAdd,
  userInvite,
  userList,
  userFind,
  userShow,
  userDisable,
  userEnable,
  userRole,
  userRecoveryLink,
  userResetPassword,
  userSessions,
  userRemoveCredential,
  userIssueKey,
  userDelete,
  clientAdd,
  clientList,
  clientShow,
  clientUpdate,
  clientRotateSecret,
  clientRemove,
  clientInvite,
  connectionAdd,
  connectionList,
  connectionShow,
  connectionUpdate,
  connectionCheck,
  connectionRefresh,
  connectionTest,
  connectionRotateKey,
  connectionRemove,
  samlAdd,
  samlList,
  samlShow,
  samlUpdate,
  samlRotateKey,
  samlRemove,
  orgAdd,
  orgList,
  orgShow,
  orgUpdate,
  orgRehearse,
  orgRemove,
  orgDomainAdd,
  orgDomainVerify,
  orgDomainList,
  orgDomainRemove,
  orgInvite,
  orgMemberAdd,
  orgMemberList,
  orgMemberRole,
  orgMemberRemove,
  orgScimAdd,
  orgScimList,
  orgScimRemove,
  keyList,
  keyRotate,
  keyRevoke,
  policyCheck,
  policyExplain,
  policyRehearse,
  importUsers,
  exportUsers,
  backup,
  restore,
  auditTail,
  auditVerify,
]

export interface Terminal {
  arguments: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  print(text: string): void
  printError(text: string): void
  readInput(): Promise<string>
  ask: ((question: string) => Promise<string>) | undefined
  progress: CommandInput['progress']
}

/**
 * One call of `sumun`. Resolves to the exit code: 0 success, 1 refused, 2 usage error, 3 configuration error,
 * 4 a check found something.
 */
export async function runCommand(given: {
  terminal: Terminal
  program: Program
  methods: readonly MethodDefinition[]
}): Promise<number> {
  const { terminal, program, methods } = given
  const words = terminal.arguments
  if (words[0] === '--version') return say(terminal, program.version)
  const command = commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '))
  const definitions = settingDefinitions(methods)
  if (!command) {
    const known = words.length === 0 || words[0] === '--help' || words[0] === 'help'
    if (known) return say(terminal, overview(commands, program.version))
    const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
    terminal.printError(
      group.length > 0
        ? overview(group, program.version)
        : `sumun: there is no command ${words[0]}; \`sumun --help\` lists them`,
    )
    return group.length > 0 && words.includes('--help') ? exitCodes.ok : exitCodes.usage
  }
  const parsed = parse(command, words.slice(command.name.split(' ').length), definitions)
  if ('fault' in parsed) {
    terminal.printError(`sumun ${command.name}: ${parsed.fault}; \`sumun ${command.name} --help\` says more`)
    return exitCodes.usage
  }
  if (parsed.options['help-all']) return say(terminal, commandHelpAll(command, definitions))
  if (parsed.options.help) return say(terminal, commandHelp(command, definitions))
  try {
    const settings = await readSettings({ methods, environment: terminal.environment, flags: parsed.flags })
    const result = await command.run({
      ...parsed,
      settings,
      program,
      readInput: terminal.readInput,
      ask: terminal.ask,
      progress: terminal.progress,
      print: (text) => terminal.print(parsed.options.json === true ? escaped(text) : harmless(text)),
    })
    return report(terminal, result, parsed.options.json === true)
  } catch (error) {
    return printFailure(terminal, error, parsed.options.json === true)
  }
}

/** JSON escapes ASCII control characters, but not those above ASCII. */
const escaped = (json: string): string =>
  json.replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Names that users chose must not control the operator's terminal (CWE-150). */
const harmless = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (mark) =>
    mark === '\n' || mark === '\t' ? mark : '\ufffd',
  )

function say(terminal: Terminal, text: string): number {
  terminal.print(text)
  return exitCodes.ok
}

function report(
  terminal: Terminal,
  { data, text, exitCode = exitCodes.ok }: CommandResult,
  asJson: boolean,
): number {
  if (asJson) terminal.print(escaped(JSON.stringify(data)))
  else if (text !== '') terminal.print(harmless(text))
  return exitCode
}

function printFailure(terminal: Terminal, error: unknown, asJson: boolean): number {
  const messages = error instanceof SettingsError ? error.faults : [(error as Error).message]
  const fields = error instanceof Problem ? (error.errors ?? []) : []
  if (asJson)
    terminal.print(
      JSON.stringify({
        error: error instanceof Problem ? error.code : (error as Error).name,
        messages,
        ...(fields.length > 0 && { errors: fields }),
      }),
    )
  else
    for (const line of [...messages, ...fields.map(({ field, message }) => `${field}: ${message}`)])
      terminal.printError(`sumun: ${harmless(line)}`)
  return error instanceof SettingsError ? exitCodes.settings : exitCodes.refused
}

type Parsed =
  | {
      arguments: string[]
      options: Record<string, string | boolean | undefined>
      flags: Record<string, string>
    }
  | { fault: string }

function parse(
  command: Command,
  words: readonly string[],
  definitions: readonly SettingDefinition[],
): Parsed {
  const settingFlags = Object.fromEntries(
    definitions.map(({ flag }) => [flag.slice(2), { type: 'string' as const }]),
  )
  const own = Object.fromEntries(
    Object.entries(command.options ?? {}).map(([name, { type }]) => [name, { type }]),
  )
  const common = {
    ...{ help: { type: 'boolean' as const, short: 'h' }, 'help-all': { type: 'boolean' as const } },
    json: { type: 'boolean' as const },
  }
  try {
    const { values: given, positionals } = parseArgs({
      args: [...words],
      options: { ...settingFlags, ...own, ...common },
      allowPositionals: true,
      strict: true,
    })
    const values: Record<string, string | boolean | undefined> = given
    const expected = command.arguments ?? []
    if (!values.help && !values['help-all'] && positionals.length !== expected.length)
      return { fault: expected.length === 0 ? 'takes no arguments' : `takes ${expected.join(' ')}` }
    const flags = Object.fromEntries(
      definitions.flatMap(({ key, flag }) =>
        typeof values[flag.slice(2)] === 'string' && !(flag.slice(2) in own)
          ? [[key, values[flag.slice(2)] as string]]
          : [],
      ),
    )
    return { arguments: positionals, options: values, flags }
  } catch (error) {
    return { fault: (error as Error).message.split('. ')[0] ?? 'wrongly called' }
  }
}
