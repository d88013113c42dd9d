import { oidcPreset, singleSignOn } from './provider-preset.ts'

/** Any provider with a discovery document. */
export const generic = oidcPreset({
  id: 'oidc',
  confirmedOn: '2026-11-25',
  names: singleSignOn,
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
