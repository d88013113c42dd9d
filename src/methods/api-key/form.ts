import type { FormField } from '../../domain/method.ts'

/** Programs bring it; no page asks for it. */
export const form: readonly FormField[] = []
