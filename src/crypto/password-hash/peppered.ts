import type { HashScheme } from './scheme.ts'

const prefix = '$peppered$'

/**
 * A hash whose passwords had a secret of the whole system appended (Devise's `pepper`), kept apart from it.
 */
export const peppered = (hash: string): string => prefix + hash

/** The hash itself; undefined if it is not of that kind. */
export const withoutPepper = (hash: string): string | undefined =>
  hash.startsWith(prefix) ? hash.slice(prefix.length) : undefined

export function createPepperedScheme(schemes: readonly HashScheme[]): HashScheme {
  const innerOf = (hash: string): { scheme: HashScheme; inner: string } | undefined => {
    const inner = withoutPepper(hash)
    const scheme = inner === undefined ? undefined : schemes.find((one) => one.recognises(inner))
    return scheme && inner !== undefined ? { scheme, inner } : undefined
  }
  return {
    recognises: (hash) => innerOf(hash) !== undefined,
    async verify(password, hash, secret = '') {
      const { scheme, inner } = innerOf(hash) as { scheme: HashScheme; inner: string }
      return scheme.verify(password + secret, inner)
    },
  }
}
