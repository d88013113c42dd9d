import type { FormField } from '../../domain/method.ts'

export const form: readonly FormField[] = [{ name: 'code', type: 'text', autocomplete: 'off', label: 'code' }]
