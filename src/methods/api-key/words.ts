import type { Words } from '../../domain/method.ts'

export const words: Words = {
  en: { label: 'API key', replaces: 'There is no such key to replace.' },
  ko: { label: 'API 키', replaces: '바꿀 키가 없습니다.' },
  ja: { label: 'APIキー', replaces: '置き換えるキーがありません。' },
}
