import { isUtf8 } from 'node:buffer'
import { Problem } from '../../domain/problem.ts'

const fieldsMax = 32

/**
 * `application/x-www-form-urlencoded`. Duplicate fields are refused and empty ones are ignored (RFC 6749
 * §3.2). Throws `malformed_request`.
 */
export function parseStrictForm(body: Buffer): Record<string, string> {
  if (!isUtf8(body)) throw malformed('The form is not UTF-8')
  const text = body.toString('utf8')
  const fields = new Map<string, string>()
  for (const pair of text === '' ? [] : text.split('&', fieldsMax + 1)) {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2).map(decode)
    if (fields.has(name)) throw malformed(`The field ${name} occurs twice`)
    if (fields.size >= fieldsMax) throw malformed('The form has too many fields')
    fields.set(name, value)
  }
  return Object.fromEntries([...fields].filter(([, value]) => value !== ''))
}

const malformed = (detail: string): Problem => new Problem('malformed_request', { detail })

function decode(part: string): string {
  let text: string
  try {
    text = decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    throw malformed('The form is not properly percent-encoded')
  }
  if (text.includes('\0')) throw malformed('A field contains a NUL character')
  return text
}
