import { oauth2Preset, singleSignOn } from './provider-preset.ts'

/** Any provider without a discovery document: the operator gives the endpoints and pointers. */
export const genericOAuth2 = oauth2Preset({
  id: 'oauth2',
  confirmedOn: '2026-11-25',
  names: singleSignOn,
  quirks: { isDirectory: true },
})
