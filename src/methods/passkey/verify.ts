import type { VerifiedAuthenticationResponse, VerifiedRegistrationResponse } from '@simplewebauthn/server'
import { type Claims, claiming } from '../../domain/evidence.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Answer, Data, EnrolAnswer } from './schema.ts'

/** COSE: ES256, EdDSA, RS256. */
export const algorithms = [-7, -8, -257]

type Verdict<Result> = { ok: true; result: Result } | { ok: false; reason: string }

// The library is a third of a second to load; whoever uses no passkeys never pays for it.
const library = () => import('@simplewebauthn/server')

/** WebAuthn Level 3 §7.2, steps 5 to 21, but for the counter, which is judged apart. The library throws on whatever is wrong. */
export async function verifyAssertion(given: {
  answer: Answer
  isChallenge: (challenge: string) => boolean
  relyingParty: RelyingParty
  data: Data
  userVerification: 'preferred' | 'required'
}): Promise<Verdict<VerifiedAuthenticationResponse['authenticationInfo']>> {
  const { answer, isChallenge, relyingParty, data, userVerification } = given
  if (isFramed(answer.response.clientDataJSON)) return { ok: false, reason: 'framed' }
  try {
    const { verifyAuthenticationResponse } = await library()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as never,
      expectedChallenge: isChallenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      credential: { id: answer.id, publicKey: new Uint8Array(Buffer.from(data.publicKey, 'base64url')), counter: 0 },
      requireUserVerification: userVerification === 'required',
    })
    return verified ? { ok: true, result: authenticationInfo } : { ok: false, reason: 'bad_signature' }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/** WebAuthn Level 3 §7.1. */
export async function verifyAttestation(given: {
  answer: EnrolAnswer
  isChallenge: (challenge: string) => boolean
  relyingParty: RelyingParty
  userVerification: 'preferred' | 'required'
}): Promise<Verdict<NonNullable<VerifiedRegistrationResponse['registrationInfo']>>> {
  const { answer, isChallenge, relyingParty, userVerification } = given
  if (isFramed(answer.response.clientDataJSON)) return { ok: false, reason: 'framed' }
  try {
    const { verifyRegistrationResponse } = await library()
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { clientExtensionResults: {}, ...answer } as never,
      expectedChallenge: isChallenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: algorithms,
    })
    return registrationInfo ? { ok: true, result: registrationInfo } : { ok: false, reason: 'bad_attestation' }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/** True where the page stood in a frame of another origin, which none of ours may (§7.2, step 12). Never throws. */
function isFramed(clientDataJSON: string): boolean {
  try {
    const { crossOrigin, topOrigin } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    return crossOrigin === true || topOrigin !== undefined
  } catch {
    return false // the library says what is wrong with it
  }
}

/** For the log: what the library says, without what the sender put into it. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll(/"[^"]*"/g, '…').slice(0, 120) : 'malformed'

/**
 * An authenticator that counts must count up; one that stands still or goes back has a copy (§6.1.1). Zero means that it
 * does not count. Pure.
 */
export const isCopied = (data: Data, counter: number): boolean => (data.counter > 0 || counter > 0) && counter <= data.counter

/** What such a proof is worth: a key that can be backed up is no hardware key, however it is kept today (RFC 8176 §2). Pure. */
export function claimsOf({ backupEligible, userVerified }: Pick<Data, 'backupEligible' | 'userVerified'>): Claims {
  return claiming({
    amr: [backupEligible ? 'swk' : 'hwk', ...(userVerified ? ['user'] : [])],
    factors: userVerified ? ['possession', 'inherence'] : ['possession'],
    phishingResistant: true,
    userVerified,
    standsAlone: true,
  })
}
