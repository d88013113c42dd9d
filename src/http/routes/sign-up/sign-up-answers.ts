import type { TSchema } from 'typebox'
import type { MethodDefinition } from '../../../domain/method.ts'

/** A method whose first answer is a single text can be part of a sign-up, under its own id. */
export function methodsOfSignUp(
  methods: readonly MethodDefinition[],
): { method: MethodDefinition; schema: TSchema }[] {
  return methods.flatMap((method) => {
    const schema = (method.enrol?.answer as { properties?: Record<string, TSchema> } | undefined)
      ?.properties?.[method.id]
    return schema ? [{ method, schema }] : []
  })
}

/** The fields of a sign-up, by method. */
export const answersOf = (
  methods: readonly MethodDefinition[],
  body: Readonly<Record<string, string | undefined>>,
): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    methodsOfSignUp(methods).flatMap(({ method: { id } }) =>
      body[id] === undefined ? [] : [[id, { [id]: body[id] }]],
    ),
  )

/** The identifiers among them. */
export function identifiersOf({
  email,
  username,
  phone,
}: Readonly<Record<string, string | undefined>>): Partial<Record<'email' | 'username' | 'phone', string>> {
  return {
    ...(email !== undefined && { email }),
    ...(username !== undefined && { username }),
    ...(phone !== undefined && { phone }),
  }
}
