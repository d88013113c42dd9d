import type { FastifyInstance } from 'fastify'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The same schema, with each part that has a name (`$id`) replaced by a reference to it. */
export function withReferences(schema: unknown, isTop = true): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withReferences(part, false))
  if (!isObject(schema)) return schema
  if (!isTop && typeof schema.$id === 'string') return { $ref: `${schema.$id}#` }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withReferences(part, false)]))
}

/** Registers every named part, once. Throws where two schemas have one name. */
export function registerNamed(app: FastifyInstance, schema: unknown, known: Map<string, string>): void {
  if (Array.isArray(schema)) for (const part of schema) registerNamed(app, part, known)
  if (!isObject(schema) || Array.isArray(schema)) return
  const { $id: name } = schema
  if (typeof name === 'string') {
    const text = JSON.stringify(schema) // a copy that is optional somewhere is the same schema
    const former = known.get(name)
    if (former === text) return
    if (former !== undefined) throw new Error(`two schemas are called ${name}`)
    known.set(name, text)
    app.addSchema(withReferences(schema))
  }
  for (const part of Object.values(schema)) registerNamed(app, part, known)
}
