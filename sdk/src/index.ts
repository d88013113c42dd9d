export {
  type Guarded,
  type GuardOptions,
  guard,
  type IncomingCall,
  type Refusal,
  resourceMetadata,
} from './challenge.ts'
export type { AccessTokenClaims, Assurance } from './claims.ts'
export type { DpopProof } from './dpop.ts'
export { TokenError, type TokenFault } from './errors.ts'
export { createVerifier, type Requirements, type Verifier, type VerifierOptions } from './verifier.ts'
