import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: {
    label: 'Recovery code',
    code: 'One of your saved codes',
    few: 'Only {remaining} recovery codes are left. Make a new set soon.',
  },
  ko: {
    label: '복구 코드',
    code: '저장해 둔 코드 가운데 하나',
    few: '복구 코드가 {remaining}개만 남았습니다. 곧 새로 만들어 주세요.',
  },
  ja: {
    label: '復旧コード',
    code: '保存したコードの一つ',
    few: '復旧コードの残りは{remaining}個です。早めに作り直してください。',
  },
}
