import { deflateSync } from 'node:zlib'
import { statusListSize } from '../../domain/status.ts'

/** One bit a token, the lowest of a byte first, compressed (OAuth Token Status List §4.1). */
export function encodeStatusList(revoked: readonly number[]): string {
  const bits = Buffer.alloc(statusListSize / 8)
  for (const index of revoked) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
  return deflateSync(bits, { level: 9 }).toString('base64url')
}
