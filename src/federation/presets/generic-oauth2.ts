import { oauth2Preset } from './provider-preset.ts'

/** Any provider without a discovery document: the operator gives the endpoints and pointers. */
export const genericOAuth2 = oauth2Preset({
  id: 'oauth2',
  confirmedOn: '2026-11-25',
  names: {
    en: 'Single sign-on',
    ko: '통합 로그인',
    ja: 'シングルサインオン',
    zh: '单点登录',
    es: 'Inicio de sesión único',
    fr: 'Connexion unique',
  },
  quirks: { isDirectory: true },
})
