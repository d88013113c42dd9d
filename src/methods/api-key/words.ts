import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('api-key', {
  label: 'API key',
  replaces: 'There is no such key to replace.',
})
