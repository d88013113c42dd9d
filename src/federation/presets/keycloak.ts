import { oidcPreset } from './provider-preset.ts'

export const keycloak = oidcPreset({
  id: 'keycloak',
  confirmedOn: '2026-11-25',
  names: 'Keycloak',
  mark: '<path d="M7 3h10l5 9-5 9H7l-5-9z" fill="#4d4d4d"/><path d="m11 7.5-2.6 4.5 2.6 4.5M13.5 7.5l2.6 4.5-2.6 4.5" fill="none" stroke="#00b8e3" stroke-width="2.2"/>',
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
