import { type ApiDocument, referenceName, resolved, type Schema } from './api-document.ts'

const depthMax = 6

/** A value that fits the schema, as far as it tells; required members only. */
export function exampleValue(document: ApiDocument, given: Schema, depth = 0): unknown {
  const schema = resolved(document, given)
  const [example] = schema.examples ?? []
  if (example !== undefined) return example
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  if (schema.enum) return schema.enum[0]
  const [first] = schema.anyOf ?? []
  if (first) return exampleValue(document, first, depth + 1)
  if (schema.properties && depth < depthMax) {
    const { properties, required = [] } = schema
    const shown = required.length > 0 ? required : Object.keys(properties).slice(0, 2)
    return Object.fromEntries(
      shown.map((name) => [name, exampleValue(document, properties[name] ?? {}, depth + 1)]),
    )
  }
  return plainExample(schema)
}

function plainExample({ type, pattern }: Schema): unknown {
  switch (Array.isArray(type) ? type[0] : type) {
    case 'integer':
    case 'number':
      return 1
    case 'boolean':
      return true
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return pattern === undefined ? '…' : `${/^\^([a-z]{3}_)/.exec(pattern)?.[1] ?? ''}…`
  }
}

/** The type in a word or two. */
export function typeName(document: ApiDocument, given: Schema): string {
  const name = referenceName(given)
  if (name !== undefined) return name
  const { type, anyOf, items, enum: values } = given
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (anyOf) return [...new Set(anyOf.map((one) => typeName(document, one)))].join(' | ')
  if (items) return `${typeName(document, items)}[]`
  return Array.isArray(type) ? type.join(' | ') : String(type ?? 'any')
}
