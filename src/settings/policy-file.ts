import { readFileSync } from 'node:fs'
import type { Document, Node } from 'yaml'
import { type PolicyDocument, policyDocument, presets } from '../domain/policy-document.ts'
import { documentFaults } from './document-faults.ts'
import { SettingsError } from './read.ts'

type Preset = keyof typeof presets
const isPreset = (name: unknown): name is Preset => typeof name === 'string' && Object.hasOwn(presets, name)
const presetNames = Object.keys(presets).join(', ')

/**
 * A preset's name or a file's path, as a whole document. Throws SettingsError with the line of every fault.
 */
export async function readPolicy(nameOrPath: string): Promise<PolicyDocument> {
  if (isPreset(nameOrPath)) return presets[nameOrPath]
  let text: string
  try {
    text = readFileSync(nameOrPath, 'utf8')
  } catch (error) {
    throw new SettingsError([
      `${nameOrPath}: is neither one of ${presetNames} nor a file that can be read (${(error as Error).message})`,
    ])
  }
  return parsePolicy(text, nameOrPath)
}

/**
 * JSON (or YAML). `extends` names the preset whose rules hold where the document says nothing. Throws
 * SettingsError, one line a fault: `FILE:LINE:COLUMN where: what`.
 */
export async function parsePolicy(text: string, path: string): Promise<PolicyDocument> {
  const { LineCounter, parseDocument } = await import('yaml') // most start without a file
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  if (document.errors.length > 0)
    throw new SettingsError(document.errors.map(({ pos, message }) => `${at(pos[0])} ${message}`))
  const value: unknown = document.toJS()
  const offsetOf = (pointer: readonly string[]): number => offsetIn(document, pointer)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SettingsError([`${at(0)} must be one object of rules`])
  const { extends: base = 'default', ...rules } = value as Record<string, unknown>
  if (!isPreset(base))
    throw new SettingsError([`${at(offsetOf(['extends']))} extends: must be one of ${presetNames}`])
  const merged = merge(presets[base], rules) as PolicyDocument
  const faults = documentFaults(policyDocument, merged, 'rule').map(
    (fault) => `${at(offsetOf(fault.at))} ${fault.at.join('.')}: ${fault.what}`,
  )
  if (faults.length > 0) throw new SettingsError(faults)
  return merged
}

/** The position of the value in the text; for a rule of the preset, that of its nearest ancestor. */
function offsetIn(document: Document, pointer: readonly string[]): number {
  for (let length = pointer.length; length > 0; length--) {
    const path = pointer.slice(0, length).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const node = document.getIn(path, true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return 0
}

/** Objects are merged member by member; anything else takes the place of what was there. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over
  const keys = new Set([...Object.keys(base), ...Object.keys(over)])
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.hasOwn(over, key) ? merge(base[key], over[key]) : base[key]]),
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
