import { oidcPreset } from './provider-preset.ts'

/** ID tokens are signed with the channel secret (HS256) unless a key is asked for. */
export const line = oidcPreset({
  id: 'line',
  confirmedOn: '2026-11-25',
  names: 'LINE',
  settings: { issuer: 'https://access.line.me', algorithm: 'ES256' },
  quirks: { tokenParameters: { id_token_key_type: 'JWK' }, fresh: false },
})
