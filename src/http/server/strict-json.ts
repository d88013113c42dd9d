import { isUtf8 } from 'node:buffer'
import { Problem } from '../../domain/problem.ts'

const depthMax = 16

/**
 * JSON as I-JSON has it (RFC 7493): UTF-8, no duplicate member names, no lone surrogates; and besides no NUL,
 * nothing deeper than 16, and no `__proto__`. Throws `malformed_request`.
 */
export function parseStrictJson(body: Buffer): unknown {
  if (body.length === 0) return null // no body, whatever the content type
  if (!isUtf8(body)) throw malformed('The body is not UTF-8')
  const text = body.toString('utf8')
  const members = countMembers(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('The body is not valid JSON')
  }
  // The text has more members than the value only if a name is duplicated: the parser keeps the last.
  if (countNames(value) !== members) throw malformed('A member name occurs twice')
  return value
}

const malformed = (detail: string): Problem => new Problem('malformed_request', { detail })

/** Colons outside strings, which is the number of members once the text is known to be JSON. */
function countMembers(text: string): number {
  let members = 0
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (inString) {
      if (character === '\\') i++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === ':') members++
    else if (character === '{' || character === '[') {
      if (++depth > depthMax) throw malformed(`The body is nested more than ${depthMax} deep`)
    } else if (character === '}' || character === ']') depth--
  }
  return members
}

function countNames(value: unknown): number {
  if (typeof value === 'string') refuseText(value)
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countNames(item), 0)
  let count = 0
  for (const [name, item] of Object.entries(value)) {
    refuseText(name)
    if (name === '__proto__' || name === 'constructor' || name === 'prototype')
      throw malformed(`The member name ${name} is not allowed`)
    count += 1 + countNames(item)
  }
  return count
}

function refuseText(text: string): void {
  if (!text.isWellFormed()) throw malformed('A string contains a lone surrogate')
  if (text.includes('\0')) throw malformed('A string contains a NUL character')
}
