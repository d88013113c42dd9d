import { inEveryLanguage } from '../../words/in-every-language.ts'

/** `label`, and one for each reason of UpstreamFault. */
export const words = inEveryLanguage('redirect', {
  label: 'Account elsewhere',
  cancelled: 'The sign-in was cancelled there.',
  unavailable: 'The provider does not answer. Try again in a moment.',
  invalid: 'The provider’s answer is not valid. Try again.',
  stale: 'The provider did not ask you to sign in again.',
  misconfigured: 'The connection is not set up correctly. Contact the site.',
})
