import type { Brand } from '../domain/brand.ts'
import type { PolicyDocument } from '../domain/policy-document.ts'
import type { SigningAlgorithm } from '../domain/signing-key.ts'

export const signUpModes = ['open', 'invite', 'closed'] as const
export type SignUpMode = (typeof signUpModes)[number]

/** What the engine is told once, at the start. Durations say their unit. */
export interface EngineSettings {
  issuer: string
  audience: string
  signUp: SignUpMode
  /** What a sign-up with a taken address is told. */
  takenAddress: 'quiet' | 'say'
  phoneCountry: string | null
  /** Whether e-mail addresses may be at hosts without a dot. */
  localHosts: boolean
  signingAlgorithm: SigningAlgorithm
  signingKeyDays: number
  /** Null: the audit log is kept for ever. */
  auditDays: number | null
  accessTokenSeconds: number
  sessionDays: number
  sessionIdleDays: number
  refreshGraceSeconds: number
  policy: PolicyDocument
  /** What people call this server. */
  siteName: string
  /** How pages look. */
  brand: Brand
  clientNetwork: 'public' | 'any'
}
