import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** What is wrong with one value of a document. */
export interface DocumentFault {
  /** From the root; empty for the document itself. */
  at: string[]
  what: string
}

interface Refusal {
  instancePath: string
  keyword: string
  message: string
  params: {
    additionalProperties?: string[]
    requiredProperties?: string[]
    allowedValues?: unknown[]
    type?: string
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
}

/**
 * The faults of a document that an operator wrote, in an operator's words: each unknown and each missing
 * member on its own. `member`: what its members are called.
 */
export function documentFaults(schema: TSchema, value: unknown, member: string): DocumentFault[] {
  const faults = ([...Compile(schema).Errors(value)] as unknown as Refusal[]).flatMap((refusal) =>
    explain(refusal, member),
  )
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}

function explain({ instancePath, keyword, message, params }: Refusal, member: string): DocumentFault[] {
  const at = instancePath.split('/').slice(1)
  const { additionalProperties = [], requiredProperties = [], allowedValues = [], type = '' } = params
  switch (keyword) {
    // The keywords beside these name each member.
    case 'boolean':
    case 'anyOf':
      return []
    case 'additionalProperties':
      return additionalProperties.map((name) => ({ at: [...at, name], what: `there is no such ${member}` }))
    case 'required':
      return requiredProperties.map((name) => ({ at: [...at, name], what: 'is missing' }))
    case 'enum':
      return [{ at, what: `must be one of ${allowedValues.join(', ')}` }]
    case 'type':
      return [{ at, what: `must be ${typeNames[type] ?? type}` }]
    default:
      return [{ at, what: message }]
  }
}
