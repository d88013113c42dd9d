import { oidcPreset } from './provider-preset.ts'

/** ID tokens have no `nonce`. */
export const linkedin = oidcPreset({
  id: 'linkedin',
  confirmedOn: '2026-11-25',
  names: 'LinkedIn',
  settings: { issuer: 'https://www.linkedin.com/oauth' },
  emailTrust: 'flag',
  quirks: { pkce: false, nonce: false, fresh: false },
})
