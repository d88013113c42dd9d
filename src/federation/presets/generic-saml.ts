import { samlPreset, singleSignOn } from './provider-preset.ts'

/** Any identity provider of SAML 2.0: its metadata says the rest. */
export const genericSaml = samlPreset({ id: 'saml', confirmedOn: '2026-11-25', names: singleSignOn })
