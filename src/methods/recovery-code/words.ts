import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('recovery-code', {
  label: 'Recovery code',
  code: 'One of your recovery codes',
  few: 'Only {remaining} recovery codes are left. Make a new set soon.',
  wrong: 'This code is wrong, or was used already. Each works once.',
})
