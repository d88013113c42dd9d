import { Buffer } from 'node:buffer'

const integerBytes = 32 // of P-256
const [sequenceTag, integerTag] = [0x30, 0x02]

/**
 * An ES256 signature as JOSE writes it (RFC 7518 §3.4: two integers side by side) in DER (RFC 3279 §2.2.3);
 * undefined if it is not of that length. Node converts by itself with `dsaEncoding`, which takes half as
 * long as the verification.
 */
export function toDerSignature(joined: Buffer): Buffer | undefined {
  if (joined.length !== 2 * integerBytes) return undefined
  const integers = [
    ...derInteger(joined.subarray(0, integerBytes)),
    ...derInteger(joined.subarray(integerBytes)),
  ]
  return Buffer.from([sequenceTag, integers.length, ...integers])
}

/** The shortest form, which for a high first bit has a zero before it. */
function derInteger(bytes: Buffer): number[] {
  let start = 0
  while (start < integerBytes - 1 && bytes[start] === 0) start++
  const digits = [...bytes.subarray(start)]
  if ((digits[0] as number) >= 0x80) digits.unshift(0)
  return [integerTag, digits.length, ...digits]
}
