import { oidcPreset } from './provider-preset.ts'

export const gitlab = oidcPreset({
  id: 'gitlab',
  confirmedOn: '2026-11-25',
  names: 'GitLab',
  mark: '<path d="M12 21.5 3 14.9c-.4-.3-.6-.9-.4-1.4L5.7 3.8c.2-.5.9-.5 1.1 0L9 10.2h6l2.2-6.4c.2-.5.9-.5 1.1 0l3.1 9.7c.2.5 0 1.1-.4 1.4z" fill="#fc6d26"/><path d="m12 21.5 3-11.3H9z" fill="#e24329"/>',
  settings: { issuer: 'https://gitlab.com' },
  emailTrust: 'flag',
  quirks: { isDirectory: ({ issuer }) => issuer !== 'https://gitlab.com' },
})
