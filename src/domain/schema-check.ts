import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Whether a value fits a schema, which is compiled when the first one comes: most never do, and starting
 * stays short.
 */
export function schemaCheck(schema: TSchema): (value: unknown) => boolean {
  let compiled: ReturnType<typeof Compile<TSchema>> | undefined
  return (value) => (compiled ??= Compile(schema)).Check(value)
}
