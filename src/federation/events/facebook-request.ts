import { createHash } from 'node:crypto'
import { type UpstreamEvents, UpstreamFault } from '../../domain/connection.ts'
import type { NoticeTools } from '../presets/provider-preset.ts'
import { isSignedWith } from './keyed-hash.ts'
import { refuseOldNotice } from './notice-age.ts'

const codeLength = 16

/**
 * Facebook's signed request: its user removed the application, or asks that their data be deleted. The reply
 * says where the user sees what is kept. Throws UpstreamFault.
 */
export function readFacebookRequest({ fields, secret, now, ownIssuer }: NoticeTools): UpstreamEvents {
  const [mac = '', payload = ''] = (fields.signed_request ?? '').split('.')
  if (!isSignedWith(secret, payload, mac))
    throw new UpstreamFault('invalid', 'the request is not signed for this client')
  const { algorithm, user_id: subject, issued_at: at } = claimsIn(payload)
  if (algorithm !== 'HMAC-SHA256' || typeof subject !== 'string' || subject === '')
    throw new UpstreamFault('invalid', 'the request names no user')
  refuseOldNotice(Number(at), now)
  const code = createHash('sha256').update(mac).digest('hex').slice(0, codeLength)
  return {
    id: mac,
    events: [{ kind: 'facebook/signed-request', action: 'unlink', subject }],
    reply: { status: 200, body: { url: `${ownIssuer}/account/data`, confirmation_code: code } },
  }
}

function claimsIn(payload: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(payload, 'base64url').toString()))
  } catch {
    return {}
  }
}
