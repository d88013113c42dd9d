import { createRedirectMethod } from '../../federation/method/redirect-method.ts'

/** An account at a provider that speaks OpenID Connect Core 1.0. */
export const oidc = createRedirectMethod('oidc')
