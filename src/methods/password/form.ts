import type { FormField } from '../../domain/method.ts'

export const form: readonly FormField[] = [
  { name: 'password', type: 'secret', autocomplete: 'current-password', label: 'label' },
]
