import { readFileSync } from 'node:fs'
import stringWidth from 'string-width'
import type { MasterKey } from '../crypto/master-key.ts'
import { Problem } from '../domain/problem.ts'
import type { OpenIdProvider } from '../engine/clients/openid-provider.ts'
import type { Engine } from '../engine/engine.ts'
import type { Settings } from '../settings/read.ts'
import type { Database } from '../store/database.ts'

/** What the command line needs from the process; `main.ts` provides it. */
export interface Program {
  version: string
  /** Serves until it is stopped. Resolves to the exit code. */
  serve(settings: Settings): Promise<number>
  /** `writesApart`: for a command that writes much. */
  open(settings: Settings, options?: OpenOptions): Promise<OpenInstallation>
  /** Undefined if none was created yet. */
  masterKey(settings: Settings): MasterKey | undefined
}

/** Options of a command that cannot be undone. */
export const confirmation: Readonly<Record<string, CommandOption>> = {
  yes: { type: 'boolean', description: 'Do not ask; required without a terminal' },
}

/** Throws if the answer is no, or if there is no terminal to ask. `what` as in “This deletes acc_…”. */
export async function confirm({ options, ask }: CommandInput, what: string): Promise<void> {
  if (options.yes) return
  const answer = await ask?.(`${what} Continue? [y/N] `)
  if (answer === undefined || !/^y(es)?$/i.test(answer.trim()))
    throw new Error(ask ? 'nothing was done' : `${what} There is no terminal to confirm it: add --yes`)
}

export interface OpenOptions {
  writesApart?: boolean
}

export interface OpenInstallation {
  engine: Engine
  openid: OpenIdProvider
  database: Database
  masterKey: MasterKey
  close(): Promise<void>
}

export interface CommandOption {
  type: 'string' | 'boolean'
  /** The value's placeholder in the help. */
  value?: string
  description: string
}

export interface CommandInput {
  arguments: readonly string[]
  options: Readonly<Record<string, string | boolean | undefined>>
  settings: Settings
  program: Program
  /** Standard input, whole, without the last line break. */
  readInput(): Promise<string>
  /** Asks at the terminal; undefined if there is none. */
  ask: ((question: string) => Promise<string>) | undefined
  /** Before the command ends. */
  print(text: string): void
  /** Shows progress on one line at a terminal; otherwise, an event as JSON on standard error. */
  progress(text: string, event?: Readonly<Record<string, unknown>>): void
}

/** `data` for `--json`, `text` for people. */
export interface CommandResult {
  data: unknown
  text: string
  exitCode?: number
}

export interface Command {
  /** As it is typed, such as `user add`. */
  name: string
  summary: string
  /** Names of what must follow, such as `['ACCOUNT']`. */
  arguments?: readonly string[]
  options?: Readonly<Record<string, CommandOption>>
  run(input: CommandInput): Promise<CommandResult>
}

export const exitCodes = { ok: 0, refused: 1, usage: 2, settings: 3, found: 4 } as const

/** Runs `work` over the opened installation, and closes it in any case. */
export async function withInstallation<Result>(
  { program, settings }: CommandInput,
  work: (installation: OpenInstallation) => Promise<Result>,
  options?: OpenOptions,
): Promise<Result> {
  const installation = await program.open(settings, options)
  try {
    return await work(installation)
  } finally {
    await installation.close()
  }
}

export const textOf = ({ options }: Pick<CommandInput, 'options'>, name: string): string | undefined =>
  typeof options[name] === 'string' ? options[name] : undefined

/** What is separated by commas. */
export const listOf = (input: Pick<CommandInput, 'options'>, name: string): string[] =>
  (textOf(input, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** A whole number from 1. Throws `invalid_fields`. */
export function numberOption(
  options: CommandInput['options'],
  name: string,
  given: { default: number; max: number },
): number {
  const number = Number(options[name] ?? given.default)
  if (!Number.isInteger(number) || number < 1 || number > given.max)
    throw refusal(name, `takes a number from 1 to ${given.max}`)
  return number
}

/** Throws `invalid_fields` for any other value. */
export function oneOf<Value extends string>(
  input: Pick<CommandInput, 'options'>,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const given = textOf(input, name)
  if (given === undefined || values.includes(given as Value)) return given as Value | undefined
  throw refusal(name, `takes one of ${values.join(', ')}`)
}

/** Undefined if it is absent. Throws `invalid_fields` for what is no object of JSON. */
export function jsonOption(
  input: Pick<CommandInput, 'options'>,
  name: string,
): Record<string, unknown> | undefined {
  const json = textOf(input, name)
  if (json === undefined) return undefined
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
  } catch {}
  throw refusal(name, 'takes a JSON object')
}

/** Without what is not given. */
export const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** What is wrong with an option. */
export const refusal = (option: string, detail: string): Problem =>
  new Problem('invalid_fields', { detail: `--${option} ${detail}` })

/** A file that an option names. Throws `invalid_fields`. */
export function readSmall(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw refusal(option, `cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

/** Columns side by side, as wide as they must be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(stringWidth(heading), ...rows.map((row) => stringWidth(row[column] ?? ''))),
  )
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] as number) - stringWidth(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
