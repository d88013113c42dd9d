import type { FormField } from '../../domain/method.ts'

export const form: readonly FormField[] = [
  { name: 'code', type: 'code', autocomplete: 'one-time-code', label: 'code' },
]
