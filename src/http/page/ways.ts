import type { MethodDefinition } from '../../domain/method.ts'

/** Methods that the account's pages set up. */
export const waysToAdd = (methods: readonly MethodDefinition[]): MethodDefinition[] =>
  methods.filter(({ enrol }) => enrol?.page)

/** Of those, the one that needs no typing, and cannot be guessed. */
export const wayWithoutTyping = (methods: readonly MethodDefinition[]): MethodDefinition | undefined =>
  waysToAdd(methods).find(({ discoverable }) => discoverable)
