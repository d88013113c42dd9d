import type { Words } from '../../domain/method.ts'

/** `label`, and one for each reason of UpstreamFault. */
export const words: Words = {
  en: {
    label: 'Account elsewhere',
    cancelled: 'The sign-in was cancelled there.',
    unavailable: 'The provider does not answer. Try again in a moment.',
    invalid: 'The provider’s answer is not valid. Try again.',
    stale: 'The provider did not ask you to sign in again.',
    misconfigured: 'The connection is not set up correctly. Contact the site.',
  },
  ko: {
    label: '다른 서비스 계정',
    cancelled: '로그인이 취소되었습니다.',
    unavailable: '응답을 받지 못했습니다. 잠시 후 다시 시도해 주세요.',
    invalid: '받은 응답이 올바르지 않습니다. 다시 시도해 주세요.',
    stale: '해당 서비스에서 다시 로그인하지 않았습니다.',
    misconfigured: '연결 설정이 올바르지 않습니다. 사이트에 문의해 주세요.',
  },
  ja: {
    label: '他のサービスのアカウント',
    cancelled: 'ログインがキャンセルされました。',
    unavailable: '応答がありません。しばらくしてからもう一度お試しください。',
    invalid: '応答が正しくありません。もう一度お試しください。',
    stale: 'そのサービスで再度ログインされませんでした。',
    misconfigured: '接続の設定が正しくありません。サイトにお問い合わせください。',
  },
}
