import { oidcPreset } from './provider-preset.ts'

export const keycloak = oidcPreset({
  id: 'keycloak',
  confirmedOn: '2026-11-25',
  names: 'Keycloak',
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
