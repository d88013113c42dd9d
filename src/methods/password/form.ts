import type { FormField } from '../../domain/method.ts'

export const form: readonly FormField[] = [{ name: 'password', type: 'password', autocomplete: 'current-password', label: 'label' }]
