import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Whether a value fits a schema. Compiled on first use: most schemas are never used, and this keeps the start
 * short.
 */
export function schemaCheck(schema: TSchema): (value: unknown) => boolean {
  let compiled: ReturnType<typeof Compile<TSchema>> | undefined
  return (value) => (compiled ??= Compile(schema)).Check(value)
}
