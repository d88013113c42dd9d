import type { MethodDefinition } from '../domain/method.ts'
import { password } from './password/index.ts'

/** The one list. A method is its folder and its line here; nothing else in the code knows it by name. */
export const methods: readonly MethodDefinition[] = [password].map((method) => method as unknown as MethodDefinition)
