import type { HashScheme } from './scheme.ts'

const prefix = '$peppered$'

/**
 * A hash whose passwords had a secret of the whole system appended (Devise's `pepper`), kept apart from it.
 */
export const peppered = (hash: string): string => prefix + hash

export const createPepperedScheme = (schemes: readonly HashScheme[]): HashScheme => {
  const schemeOf = (hash: string): HashScheme | undefined =>
    hash.startsWith(prefix)
      ? schemes.find((scheme) => scheme.recognises(hash.slice(prefix.length)))
      : undefined
  return {
    recognises: (hash) => schemeOf(hash) !== undefined,
    async verify(password, hash, secret = '') {
      return (schemeOf(hash) as HashScheme).verify(password + secret, hash.slice(prefix.length))
    },
  }
}
