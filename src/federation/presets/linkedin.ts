import { oidcPreset } from './provider-preset.ts'

/** ID tokens have no `nonce`. */
export const linkedin = oidcPreset({
  id: 'linkedin',
  confirmedOn: '2026-11-25',
  names: 'LinkedIn',
  mark: '<rect width="24" height="24" rx="3" fill="#0a66c2"/><path d="M5.2 9.6h2.7V18H5.2zM6.5 8.5a1.6 1.6 0 1 1 0-3.2 1.6 1.6 0 0 1 0 3.2zM9.7 9.6h2.6v1.2c.4-.7 1.3-1.4 2.6-1.4 2.7 0 3.3 1.7 3.3 4V18h-2.7v-4.1c0-1-.1-2.1-1.5-2.1s-1.6 1.1-1.6 2.1V18H9.7z" fill="#fff"/>',
  settings: { issuer: 'https://www.linkedin.com/oauth' },
  emailTrust: 'flag',
  quirks: { pkce: false, nonce: false, fresh: false },
})
