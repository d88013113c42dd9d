import { createRedirectMethod } from '../../federation/method/redirect-method.ts'

/** An account at a provider with OAuth 2.0 (RFC 6749) and a profile of its own. */
export const oauth2 = createRedirectMethod('oauth2')
