import { oidcPreset } from './provider-preset.ts'

export const okta = oidcPreset({
  id: 'okta',
  confirmedOn: '2026-11-25',
  names: 'Okta',
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
