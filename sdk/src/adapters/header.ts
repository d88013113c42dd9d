/** A header as one text; duplicates are not a valid token. */
export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value
