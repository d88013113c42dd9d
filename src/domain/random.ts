import { randomBytes, randomInt } from 'node:crypto'

/** Randomness is injected, as bytes or digits, so that no part uses a weak source. */
export interface Random {
  bytes(size: number): Buffer
  /** `length` decimal digits, each uniform (by rejection, not modulo). */
  digits(length: number): string
}

const poolBytes = 4096
const fromPoolMax = 64

/**
 * From the operating system, read in blocks: a call for a few bytes costs as much as one for many. Used bytes
 * are erased.
 */
function pooledBytes(): Random['bytes'] {
  let pool = Buffer.alloc(0)
  let used = 0
  return (size) => {
    if (size > fromPoolMax) return randomBytes(size)
    if (used + size > pool.length) [pool, used] = [randomBytes(poolBytes), 0]
    const given = Buffer.from(pool.subarray(used, used + size))
    pool.fill(0, used, used + size)
    used += size
    return given
  }
}

export const systemRandom: Random = {
  bytes: pooledBytes(),
  digits: (length) => Array.from({ length }, () => randomInt(10)).join(''),
}
