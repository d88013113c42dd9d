import { createHmac } from 'node:crypto'
import { isSessionId, type SessionId } from '../domain/id.ts'
import { equalSecrets } from './equal.ts'
import type { MasterKey } from './master-key.ts'

/**
 * The session cookie's value: session id and time of its evidence, under a MAC. New evidence changes the
 * value.
 */
export interface SessionCookies {
  issue(session: { id: SessionId; authenticatedAt: number }): string
  /** Undefined for anything this master key did not make. Never throws. */
  read(value: string): { sessionId: SessionId; authenticatedAt: number } | undefined
}

export function createSessionCookies(masterKey: MasterKey): SessionCookies {
  const key = masterKey.for('session-cookie')
  const mac = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')

  return {
    issue({ id, authenticatedAt }) {
      const body = `${id}.${authenticatedAt}`
      return `${body}.${mac(body)}`
    },
    read(value) {
      const [id = '', at = '', given = '', ...rest] = value.split('.')
      if (rest.length > 0 || !isSessionId(id) || !/^\d{1,15}$/.test(at)) return undefined
      return equalSecrets(mac(`${id}.${at}`), given)
        ? { sessionId: id, authenticatedAt: Number(at) }
        : undefined
    },
  }
}
