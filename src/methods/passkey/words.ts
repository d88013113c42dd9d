import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('passkey', {
  label: 'Passkey',
  signIn: 'Sign in with a passkey',
  refused: 'The passkey could not be set up. Try again, on the device where you want to use it.',
  model: 'This kind of authenticator is not allowed here.',
  step_1: 'Press the button below.',
  step_2: 'Confirm with your fingerprint, face or screen lock.',
  ask: 'Confirm with your fingerprint, face or screen lock.',
  step_3: 'Done: next time you sign in with it, on all devices that share your passkeys.',
})
