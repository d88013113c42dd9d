import { signInElsewhere } from './elsewhere.ts'

// A provider that speaks OpenID Connect.
await signInElsewhere('oidc')
