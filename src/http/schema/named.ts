import type { FastifyInstance } from 'fastify'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** The same schema, with each part that has a name (`$id`) replaced by a reference to it. */
export function withReferences(schema: unknown, isTop = true): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withReferences(part, false))
  if (!isObject(schema)) return schema
  if (!isTop && typeof schema.$id === 'string') return { $ref: `${schema.$id}#` }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, withReferences(part, false)]))
}

/** Registers every named part, once. Throws where two schemas have one name. */
export function registerNamed(app: FastifyInstance, schema: unknown): void {
  if (Array.isArray(schema)) for (const part of schema) registerNamed(app, part)
  if (!isObject(schema) || Array.isArray(schema)) return
  const { $id: name } = schema
  if (typeof name === 'string') {
    const own = withReferences(schema)
    const former = app.getSchema(name)
    // An optional copy is the same schema.
    if (former !== undefined && JSON.stringify(former) !== JSON.stringify(own))
      throw new Error(`two schemas are called ${name}`)
    if (former !== undefined) return
    app.addSchema(own)
  }
  for (const part of Object.values(schema)) registerNamed(app, part)
}
