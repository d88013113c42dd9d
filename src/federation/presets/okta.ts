import { oidcPreset } from './provider-preset.ts'

export const okta = oidcPreset({
  id: 'okta',
  confirmedOn: '2026-11-25',
  names: 'Okta',
  mark: '<circle cx="12" cy="12" r="8.5" fill="none" stroke="#007dc1" stroke-width="6"/>',
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
