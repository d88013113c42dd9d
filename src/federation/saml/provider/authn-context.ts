import type { Assurance } from '../../../domain/assurance.ts'

/** REFEDS MFA Profile: what federations ask for and understand as two factors. */
export const mfaContext = 'https://refeds.org/profile/mfa'
const ordinary = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'

/** What is said of a sign-in (SAML Authentication Context §3.4). */
export const contextOf = (acr: Assurance): string => (acr === 'aal1' ? ordinary : mfaContext)
