import { oidcPreset } from './provider-preset.ts'

export const yahooJapan = oidcPreset({
  id: 'yahoo-japan',
  confirmedOn: '2026-11-25',
  names: { en: 'Yahoo! JAPAN', ko: '야후 재팬', ja: 'Yahoo! JAPAN ID' },
  mark: '<rect width="24" height="24" rx="5" fill="#f03"/><path d="M5 7h3l2.2 4L12.4 7h2.9l-3.8 6.5V17H8.8v-3.5zM16.7 7h2.6l-.6 6.5h-1.4zM18 17.2a1.4 1.4 0 1 1 0-2.8 1.4 1.4 0 0 1 0 2.8z" fill="#fff"/>',
  settings: {
    issuer: 'https://auth.login.yahoo.co.jp/yconnect/v2',
    authentication: 'client_secret_basic',
    algorithm: 'RS256',
  },
  emailTrust: 'flag',
})
