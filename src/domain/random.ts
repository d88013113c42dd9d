import { randomBytes, randomInt } from 'node:crypto'

/** Randomness is handed in, as bytes or as digits, so that no part can reach for a weak source. */
export interface Random {
  bytes(size: number): Buffer
  /** `length` decimal digits, each uniform (by rejection, not modulo). */
  digits(length: number): string
}

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  digits: (length) => Array.from({ length }, () => randomInt(10)).join(''),
}
