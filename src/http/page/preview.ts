import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Preview } from '../../pages/fields.ts'

/** Where answers of a method are rated. */
export const previewPath = (method: MethodDefinition): string => `/v1/methods/${method.id}/preview`

/** What a page shows beside the field in which an answer is chosen; undefined where the method rates none. */
export function previewOf(
  engine: Engine,
  method: MethodDefinition,
  { locale, known = [] }: { locale: Locale; known?: readonly string[] },
): Preview | undefined {
  const rule = engine.methods.rule(method, locale)
  return rule === undefined ? undefined : { rule, path: previewPath(method), name: method.id, known }
}
