import { randomCrockford } from '../../domain/crockford.ts'
import type { Random } from '../../domain/random.ts'

export const codesPerSet = 10
export const fewLeft = 3

const secretLength = 11 // 55 bits, hashed slowly (ASVS 6.5.2), with at most a hundred guesses

/**
 * `0k7q-9xm4-dhr2`: its position in the set, then eleven random characters. The position selects the hash.
 * Pure except for `random`.
 */
export function newCode(place: number, random: Random): string {
  return `${place}${randomCrockford(random, secretLength)}`.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3')
}

/**
 * The normal form of a typed code, and its position: letters that Crockford base32 excludes are read as their
 * lookalikes. Pure.
 */
export function readCode(text: string): { place: number; code: string } {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1')
  return { place: Number(plain[0]), code: plain.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3') }
}
