/** A header as one text; several of a kind are no good token. */
export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value
