import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('email-code', {
  label: 'Code by email',
  code: 'Code from the mail',
  subject: 'Your sign-in code for {site}',
  text: 'Enter this code where you are signing in. It is valid for {minutes} minutes.',
  advice: 'If you are not signing in, you can ignore this message. Do not share the code with anyone.',
  wrong: 'Wrong code. Check the newest mail.',
  recover_subject: 'Recover your account at {site}',
  recover_text: 'Enter this code where you are recovering your account. It is valid for {minutes} minutes.',
})
