import { createRedirectMethod } from '../../federation/method/redirect-method.ts'

/** An account at an identity provider that speaks SAML 2.0. */
export const saml = createRedirectMethod('saml')
