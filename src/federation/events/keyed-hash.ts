import { createHmac } from 'node:crypto'
import { equalSecrets } from '../../crypto/equal.ts'

/** Whether `mac` (base64url) is the HMAC-SHA256 of the text; compared in constant time. */
export const isSignedWith = (key: string | Buffer, text: string, mac: string): boolean =>
  equalSecrets(Buffer.from(mac, 'base64url'), createHmac('sha256', key).update(text).digest())
