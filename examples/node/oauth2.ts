import { signInElsewhere } from './elsewhere.ts'

// A provider with OAuth 2.0 and a profile of its own, such as GitHub.
await signInElsewhere('oauth2')
