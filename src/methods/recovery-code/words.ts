import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Recovery code',
    code: 'One of your recovery codes',
    few: 'Only {remaining} recovery codes are left. Make a new set soon.',
    wrong: 'This code is wrong, or was used already. Each works once.',
  },
  ko: {
    label: '복구 코드',
    code: '복구 코드 (10개 중 하나)',
    few: '복구 코드가 {remaining}개만 남았습니다. 곧 새로 만들어 주세요.',
    wrong: '코드가 맞지 않거나 이미 사용한 코드입니다. 코드는 한 번만 사용할 수 있습니다.',
  },
  ja: {
    label: 'リカバリーコード',
    code: 'リカバリーコードの一つ',
    few: 'リカバリーコードの残りは{remaining}個です。早めに作り直してください。',
    wrong: 'コードが正しくないか、使用済みです。コードは一度だけ使用できます。',
  },
}
