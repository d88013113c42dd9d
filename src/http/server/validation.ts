import type { FastifySchemaCompiler, FastifySchemaValidationError, FastifySerializerCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

interface Refusal {
  keyword: string
  instancePath: string
  schemaPath: string
  params: object
  message: string
}

/**
 * Checks a part of a request against its schema. Compiled when the first request comes, which keeps the start
 * short.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  let compiled: ReturnType<typeof Compile<TSchema>> | undefined
  return (value: unknown) => {
    compiled ??= Compile(schema)
    if (compiled.Check(value)) return { value }
    return { error: oneFieldEach([...compiled.Errors(value)] as Refusal[]) as unknown as Error }
  }
}

/**
 * The validator reports all missing and all unknown members at once, and unknown ones again as `schema is
 * false`.
 */
function oneFieldEach(refusals: readonly Refusal[]): FastifySchemaValidationError[] {
  return refusals
    .filter(({ keyword }) => keyword !== 'boolean')
    .flatMap((refusal) => {
      const { requiredProperties = [], additionalProperties = [] } = refusal.params as {
        requiredProperties?: string[]
        additionalProperties?: string[]
      }
      const names = [...requiredProperties, ...additionalProperties]
      if (names.length === 0) return [refusal]
      return names.map((name) => ({
        ...refusal,
        instancePath: `${refusal.instancePath}/${name}`,
        params: {},
      }))
    }) as FastifySchemaValidationError[]
}

/** Presenters select what is sent; compiled serializers would not be faster. */
export const plainSerializer: FastifySerializerCompiler<unknown> = () => JSON.stringify

/** For tests: a reply that does not match its schema is a server error. */
export const checkingSerializer: FastifySerializerCompiler<TSchema> = ({
  schema,
  method,
  url,
  httpStatus,
}) => {
  let compiled: ReturnType<typeof Compile<TSchema>> | undefined
  return (reply: unknown) => {
    const text = JSON.stringify(reply)
    if ('$ref' in schema) return text
    compiled ??= Compile(schema)
    const sent = JSON.parse(text)
    if (!compiled.Check(sent))
      throw new Error(
        `${method} ${url} ${httpStatus}: ${JSON.stringify(compiled.Errors(sent)[0])} in ${text}`,
      )
    return text
  }
}
