import { oidcPreset } from './provider-preset.ts'

/** Any provider with a discovery document. */
export const generic = oidcPreset({
  id: 'oidc',
  confirmedOn: '2026-11-25',
  names: {
    en: 'Single sign-on',
    ko: '통합 로그인',
    ja: 'シングルサインオン',
    zh: '单点登录',
    es: 'Inicio de sesión único',
    fr: 'Connexion unique',
  },
  settings: { authentication: 'client_secret_basic' },
  quirks: { isDirectory: true },
})
