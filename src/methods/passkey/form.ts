import type { FormField } from '../../domain/method.ts'

/** The browser asks by itself. */
export const form: readonly FormField[] = []
