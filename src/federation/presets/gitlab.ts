import { oidcPreset } from './provider-preset.ts'

export const gitlab = oidcPreset({
  id: 'gitlab',
  confirmedOn: '2026-11-25',
  names: 'GitLab',
  settings: { issuer: 'https://gitlab.com' },
  emailTrust: 'flag',
  quirks: { isDirectory: ({ issuer }) => issuer !== 'https://gitlab.com' },
})
