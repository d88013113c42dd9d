import { inEveryLanguage } from '../../words/in-every-language.ts'

export const words = inEveryLanguage('email-link', {
  label: 'Link by email',
  code: 'Code from the mail',
  subject: 'Your sign-in link for {site}',
  text: 'Open this link to sign in, or enter the code where you are signing in. Both are valid for {minutes} minutes, and work once.',
  advice:
    'If you are not signing in, you can ignore this message. Do not share the link or the code with anyone.',
  open: 'Sign in',
  wrong: 'Wrong code, or the link was not approved yet.',
  recover_subject: 'Recover your account at {site}',
  recover_text:
    'Open this link to recover your account, or enter the code where you are recovering it. Both are valid for {minutes} minutes, and work once.',
})
