import type { FormField } from '../../domain/method.ts'

/** Used by programs; no page asks for it. */
export const form: readonly FormField[] = []
