import type { Random } from './random.ts'

/** Crockford's base32 in lower case: sorts as the bytes do, and has no letters that look alike. */
export const crockford = '0123456789abcdefghjkmnpqrstvwxyz'
/** One of its characters, for patterns. */
export const crockfordClass = '[0-9a-hjkmnp-tv-z]'

/** Five random bits a character. */
export const randomCrockford = (random: Random, length: number): string =>
  [...random.bytes(length)].map((byte) => crockford[byte & 31]).join('')
