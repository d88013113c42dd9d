import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('sms-code', {
  label: 'Code by text message',
  code: 'Code from the text message',
  subject: '{site} sign-in code',
  text: 'Valid for {minutes} minutes.',
  advice: 'Do not share it with anyone.',
  wrong: 'Wrong code. Check the newest message.',
})
