import { oidcPreset } from './provider-preset.ts'

export const yahooJapan = oidcPreset({
  id: 'yahoo-japan',
  confirmedOn: '2026-11-25',
  names: { en: 'Yahoo! JAPAN', ko: '야후 재팬', ja: 'Yahoo! JAPAN ID' },
  settings: {
    issuer: 'https://auth.login.yahoo.co.jp/yconnect/v2',
    authentication: 'client_secret_basic',
    algorithm: 'RS256',
  },
  emailTrust: 'flag',
})
