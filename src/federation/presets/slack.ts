import { oidcPreset } from './provider-preset.ts'

/** The same person is another user in each workspace. */
export const slack = oidcPreset({
  id: 'slack',
  confirmedOn: '2026-11-25',
  names: 'Slack',
  settings: { issuer: 'https://slack.com' },
  quirks: { pkce: false, fresh: false },
})
