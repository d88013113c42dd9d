import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('totp', {
  label: 'Authenticator app',
  code: 'Six-digit code',
  wrong: 'The code is wrong. Check that the clock of your phone is right.',
  step_1: 'Install an authenticator app on your phone, such as Google Authenticator or 1Password.',
  step_2: 'Scan the QR code with it.',
  step_3: 'Type the six digits that the app shows.',
  ask: 'Enter the six digits that your authenticator app shows.',
})
