import { inEveryLanguage } from '../../words/in-every-language.ts'

/** `expired` and `disabled`: what the directory says of an account whose password is right. */
export const words = inEveryLanguage('ldap', {
  label: 'Company directory',
  username: 'User name',
  password: 'Password',
  wrong: 'The user name or password is not right.',
  expired: 'Your password has expired. Change it at your organisation first.',
  disabled: 'Your account is disabled at your organisation.',
})
