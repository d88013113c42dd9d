import { createHmac } from 'node:crypto'
import { type SessionId, sessionIdBytes, sessionIdFromBytes } from '../domain/id.ts'
import { equalSecrets } from './equal.ts'
import type { MasterKey } from './master-key.ts'

const prefix = 'sumun_rt_'
const idBytes = 16
const counterBytes = 6
const macBytes = 32
const bodyBytes = idBytes + counterBytes + macBytes
const encodedLength = prefix.length + Math.ceil((bodyBytes * 4) / 3)

export interface RefreshClaim {
  sessionId: SessionId
  counter: number
}

/**
 * A refresh token names a session and a rotation counter, under a MAC. Invalid tokens are refused without a
 * database read, and the token of one rotation is always the same text, so a lost reply can be repeated
 * without storing it.
 */
export interface RefreshTokens {
  issue(claim: RefreshClaim): string
  /** Undefined for anything this master key did not make. Never throws. */
  read(token: string): RefreshClaim | undefined
}

export function createRefreshTokens(masterKey: MasterKey): RefreshTokens {
  const key = masterKey.for('refresh-token')
  const mac = (body: Uint8Array): Buffer => createHmac('sha256', key).update(body).digest()

  return {
    issue({ sessionId, counter }) {
      const body = Buffer.alloc(bodyBytes)
      sessionIdBytes(sessionId).copy(body)
      body.writeUIntBE(counter, idBytes, counterBytes)
      mac(body.subarray(0, idBytes + counterBytes)).copy(body, idBytes + counterBytes)
      return prefix + body.toString('base64url')
    },
    read(token) {
      if (token.length !== encodedLength || !token.startsWith(prefix)) return undefined
      const encoded = token.slice(prefix.length)
      const body = Buffer.from(encoded, 'base64url')
      if (body.length !== bodyBytes || body.toString('base64url') !== encoded) return undefined
      const claim = body.subarray(0, idBytes + counterBytes)
      if (!equalSecrets(mac(claim), body.subarray(idBytes + counterBytes))) return undefined
      return {
        sessionId: sessionIdFromBytes(claim.subarray(0, idBytes)),
        counter: claim.readUIntBE(idBytes, counterBytes),
      }
    },
  }
}
