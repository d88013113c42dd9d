import { oidcPreset } from './provider-preset.ts'

/** ID tokens are signed with the channel secret (HS256) unless a key is asked for. */
export const line = oidcPreset({
  id: 'line',
  confirmedOn: '2026-11-25',
  names: 'LINE',
  mark: '<rect width="24" height="24" rx="5" fill="#06c755"/><path d="M12 5.6c-4.2 0-7.6 2.6-7.6 5.9 0 2.9 2.7 5.3 6.3 5.8.2 0 .6.2.6.4.1.2 0 .5 0 .7l-.1.9c0 .2-.2.9.8.5s5-2.9 6.4-5.1c1-1.1 1.2-2.1 1.2-3.2 0-3.3-3.4-5.9-7.6-5.9z" fill="#fff"/>',
  settings: { issuer: 'https://access.line.me', algorithm: 'ES256' },
  quirks: {
    tokenParameters: { id_token_key_type: 'JWK' },
    fresh: false,
    // As RFC 7009, but that the token has another name.
    unlink: async ({ endpoint, clientId, secret, accessToken, send }) =>
      send('POST', new URL('/oauth2/v2.1/revoke', endpoint).href, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: String(
          new URLSearchParams({
            access_token: await accessToken(),
            client_id: clientId,
            client_secret: secret,
          }),
        ),
      }),
  },
})
