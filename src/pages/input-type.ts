import type { FormField } from '../domain/method.ts'

/** The HTML input that a method's field is typed into. */
export const inputTypeOf = ({ type }: Pick<FormField, 'type'>): 'password' | 'text' => (type === 'secret' ? 'password' : 'text')
