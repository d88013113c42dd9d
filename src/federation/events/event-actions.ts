import type { UpstreamEvents } from '../../domain/connection.ts'

type Action = UpstreamEvents['events'][number]['action']

/**
 * By the last part of an event's URI: OIDC Back-Channel Logout, RISC, CAEP, and the names of Kakao and Apple.
 * Any other event is only recorded.
 */
const actions: Readonly<Record<string, Action>> = {
  'backchannel-logout': 'end-sessions',
  'sessions-revoked': 'end-sessions',
  'session-revoked': 'end-sessions',
  'tokens-revoked': 'end-sessions',
  'token-revoked': 'end-sessions',
  'account-disabled': 'end-sessions',
  'account-credential-change-required': 'end-sessions',
  'credential-change': 'end-sessions',
  'credential-compromise': 'end-sessions',
  'user-unlinked': 'unlink',
  'consent-revoked': 'unlink',
  'account-purged': 'unlink',
  'account-delete': 'unlink',
}

export function actionOf(event: string): Action {
  const name = event.slice(event.lastIndexOf('/') + 1)
  return Object.hasOwn(actions, name) ? (actions[name] ?? 'note') : 'note'
}
