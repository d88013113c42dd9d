import { existsSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import type { MethodDefinition } from '../domain/method.ts'
import {
  methodSettingKey,
  type ServerSettings,
  type SettingDefinition,
  settingDefinitions,
} from './schema.ts'

/** Says which setting is wrong, where it came from, and how to fix it. One line an error. */
export class SettingsError extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

export interface Settings {
  server: Readonly<ServerSettings>
  /** By method id. */
  methods: Readonly<Record<string, Record<string, unknown>>>
}

const configurationFiles = ['sumun.config.json', 'sumun.config.yaml']
// Variables of the configuration file's path, the CLI and the tests; not settings of the server.
const otherVariables = new Set(['SUMUN_CONFIG'])

/** Reads file, environment and flags, later wins. Throws SettingsError with every fault at once. */
export async function readSettings(given: {
  methods: readonly MethodDefinition[]
  environment: Readonly<Record<string, string | undefined>>
  /** By setting key, as written on the command line. */
  flags: Readonly<Record<string, string>>
}): Promise<Settings> {
  const { methods, flags } = given
  const environment = withoutServiceLinks(given.environment)
  const definitions = settingDefinitions(methods)
  const faults: string[] = []
  const values: Record<string, unknown> = {}
  const file = await readConfiguration(environment.SUMUN_CONFIG, faults)
  for (const definition of definitions) {
    const found = pick(definition, { file, environment, flags })
    if (found === undefined) {
      if (definition.schema.default !== undefined) values[definition.key] = definition.schema.default
      continue
    }
    const value = typeof found.value === 'string' ? fromText(definition.schema, found.value) : found.value
    const fault = settingFault(definition, value, found.origin)
    if (fault) faults.push(fault)
    else values[definition.key] = value
  }
  faults.push(...unknownSettings(definitions, file, environment))
  if (faults.length > 0) throw new SettingsError(faults)
  const ofMethods = methodSettings(methods, values)
  const together = methods.flatMap(
    ({ id, settingsFaults }) => settingsFaults?.(ofMethods[id])?.map((fault) => `${id}: ${fault}`) ?? [],
  )
  if (together.length > 0) throw new SettingsError(together)
  return Object.freeze({ server: Object.freeze(values as ServerSettings), methods: Object.freeze(ofMethods) })
}

const serviceLink = /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/

/**
 * Kubernetes and Docker tell a container of a service that is called `sumun` in variables that look like
 * settings (`SUMUN_PORT=tcp://…`).
 */
const withoutServiceLinks = (environment: Origins['environment']): Origins['environment'] =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) =>
        !(serviceLink.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value ?? ''))),
    ),
  )

interface Origins {
  file: Record<string, unknown>
  environment: Readonly<Record<string, string | undefined>>
  flags: Readonly<Record<string, string>>
}

function pick(
  { key, environment: variable, flag }: SettingDefinition,
  { file, environment, flags }: Origins,
): { value: unknown; origin: string } | undefined {
  if (flags[key] !== undefined) return { value: flags[key], origin: flag }
  const fromEnvironment = environment[variable]
  if (fromEnvironment !== undefined && fromEnvironment !== '')
    return { value: fromEnvironment, origin: variable }
  return file[key] === undefined
    ? undefined
    : { value: file[key], origin: `"${key}" in the configuration file` }
}

function fromText(schema: SettingDefinition['schema'], text: string): unknown {
  const { type, aliases } = schema as { type?: string; aliases?: Record<string, number> }
  if (type !== 'integer') return text
  return aliases?.[text] ?? (/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN)
}

function settingFault({ schema }: SettingDefinition, value: unknown, origin: string): string | undefined {
  if (Compile(schema).Check(value)) return undefined
  return `${origin}: must be ${describeSchema(schema)} (${schema.description ?? ''})`
}

/** What a value may be, in words. */
export function describeSchema(schema: SettingDefinition['schema']): string {
  const {
    type,
    minimum,
    maximum,
    enum: choices,
    pattern,
    minLength,
  } = schema as {
    type?: string
    minimum?: number
    maximum?: number
    enum?: unknown[]
    pattern?: string
    minLength?: number
  }
  if (choices) return `one of ${choices.join(', ')}`
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (pattern) return `text like ${pattern}`
  return minLength && minLength > 1 ? `text of at least ${minLength} characters` : 'non-empty text'
}

async function readConfiguration(
  named: string | undefined,
  faults: string[],
): Promise<Record<string, unknown>> {
  const path = named ?? configurationFiles.find((candidate) => existsSync(candidate))
  if (path === undefined) return {}
  try {
    const content = readFileSync(path, 'utf8')
    const value: unknown =
      extname(path) === '.json' ? JSON.parse(content) : (await import('yaml')).parse(content)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>
    faults.push(`${path}: must contain one object of settings`)
  } catch (error) {
    faults.push(`${path}: cannot be read (${(error as Error).message})`)
  }
  return {}
}

function unknownSettings(
  definitions: readonly SettingDefinition[],
  file: Record<string, unknown>,
  environment: Origins['environment'],
): string[] {
  const keys = new Set(definitions.map((definition) => definition.key))
  const variables = new Set(definitions.map((definition) => definition.environment))
  const inFile = Object.keys(file).filter((key) => !keys.has(key))
  const inEnvironment = Object.keys(environment).filter(
    (name) => name.startsWith('SUMUN_') && !variables.has(name) && !otherVariables.has(name),
  )
  return [
    ...inFile.map(
      (key) =>
        `"${key}" in the configuration file: there is no such setting; \`sumun start --help-all\` lists them`,
    ),
    ...inEnvironment.map(
      (name) => `${name}: there is no such setting; \`sumun start --help-all\` lists them`,
    ),
  ]
}

function methodSettings(
  methods: readonly MethodDefinition[],
  values: Record<string, unknown>,
): Settings['methods'] {
  return Object.fromEntries(
    methods.map(({ id, settings }) => {
      const names = Object.keys((settings as TObject).properties ?? {})
      return [id, Object.fromEntries(names.map((name) => [name, values[methodSettingKey(id, name)]]))]
    }),
  )
}
