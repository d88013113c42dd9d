import { signInElsewhere } from './elsewhere.ts'

// An identity provider that speaks SAML 2.0.
await signInElsewhere('saml')
