export const textOf = (parameter: unknown): string | null =>
  typeof parameter === 'string' ? parameter : null
