import { createDecipheriv, createHash } from 'node:crypto'
import { type UpstreamEvents, UpstreamFault } from '../../domain/connection.ts'
import type { NoticeTools } from '../presets/provider-preset.ts'
import { isSignedWith } from './keyed-hash.ts'
import { refuseOldNotice } from './notice-age.ts'

const blockBytes = 16

/**
 * Naver's notice that a user withdrew consent (developer guide, 4.4): a form whose user is encrypted, signed
 * with a key that is made from the client secret. It is sent once, and expects 204. Throws UpstreamFault.
 */
export function readNaverUnlink({ fields, clientId, secret, now }: NoticeTools): UpstreamEvents {
  const { clientId: audience, encryptUniqueId = '', timestamp = '', signature = '' } = fields
  const key = createHash('md5').update(secret).digest()
  const signed = `clientId=${clientId}&encryptUniqueId=${encryptUniqueId}&timestamp=${timestamp}`
  if (audience !== clientId || !isSignedWith(key, signed, signature))
    throw new UpstreamFault('invalid', 'the notice is not signed for this client')
  refuseOldNotice(Number(timestamp), now)
  return {
    id: signature,
    events: [{ kind: 'naver/unlink', action: 'unlink', subject: decrypted(key, encryptUniqueId) }],
    reply: { status: 204 },
  }
}

/** AES-128-CBC, after its first block. */
function decrypted(key: Buffer, text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  try {
    const cipher = createDecipheriv('aes-128-cbc', key, bytes.subarray(0, blockBytes))
    return Buffer.concat([cipher.update(bytes.subarray(blockBytes)), cipher.final()]).toString()
  } catch (error) {
    throw new UpstreamFault('invalid', 'the user of the notice cannot be read', { cause: error })
  }
}
