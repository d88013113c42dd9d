import { oidcPreset } from './provider-preset.ts'

/** The same person is another user in each workspace. */
export const slack = oidcPreset({
  id: 'slack',
  confirmedOn: '2026-11-25',
  names: 'Slack',
  mark: '<g stroke-width="3.6" stroke-linecap="round"><path d="M9.4 4v5.3" stroke="#36c5f0"/><path d="M20 9.4h-5.3" stroke="#2eb67d"/><path d="M14.6 20v-5.3" stroke="#ecb22e"/><path d="M4 14.6h5.3" stroke="#e01e5a"/><path d="M4 9.4h.01" stroke="#36c5f0"/><path d="M14.6 4v.01" stroke="#2eb67d"/><path d="M20 14.6h-.01" stroke="#ecb22e"/><path d="M9.4 20v-.01" stroke="#e01e5a"/></g>',
  settings: { issuer: 'https://slack.com' },
  quirks: { pkce: false, fresh: false },
})
