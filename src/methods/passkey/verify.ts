import type { VerifiedAuthenticationResponse, VerifiedRegistrationResponse } from '@simplewebauthn/server'
import { type Claims, claiming } from '../../domain/evidence.ts'
import { algorithms, attestationStatementOf, isWellFormed, keyFault } from './cose-key.ts'
import type { RelyingParty } from './relying-party.ts'
import type { Answer, Data, EnrolAnswer } from './schema.ts'
import { attestationFormats, type TrustAnchors } from './trust-anchors.ts'

type Verdict<Result> = { ok: true; result: Result } | { ok: false; reason: string }

// The library takes a third of a second to load, so it is loaded with the first passkey.
const library = async () => {
  const { _decodeClientDataJSONInternals: decoding } = await import('@simplewebauthn/server/helpers')
  // Level 3 knows no token binding any more (§5.8.1); the library refuses assertions of browsers that still
  // say they have none.
  decoding.stubThis = ({ tokenBinding: _, ...clientData }) => clientData
  return import('@simplewebauthn/server')
}

/**
 * WebAuthn Level 3 §7.2, steps 5 to 21, but for the counter, which is judged apart. The library throws on
 * whatever is wrong.
 */
export async function verifyAssertion(given: {
  answer: Answer
  isChallenge: (challenge: string) => boolean
  relyingParty: RelyingParty
  data: Data
  userVerification: 'preferred' | 'required'
}): Promise<Verdict<VerifiedAuthenticationResponse['authenticationInfo']>> {
  const { answer, isChallenge, relyingParty, data, userVerification } = given
  if (isFramed(answer.response.clientDataJSON)) return { ok: false, reason: 'framed' }
  const publicKey = new Uint8Array(Buffer.from(data.publicKey, 'base64url'))
  // Also of one that was enrolled before keys were looked at.
  const fault = keyFault(publicKey)
  if (fault) return { ok: false, reason: fault }
  try {
    const { verifyAuthenticationResponse } = await library()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...answer, clientExtensionResults: answer.clientExtensionResults ?? {} } as never,
      expectedChallenge: isChallenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      credential: { id: answer.id, publicKey, counter: 0 },
      requireUserVerification: userVerification === 'required',
    })
    return verified ? { ok: true, result: authenticationInfo } : { ok: false, reason: 'bad_signature' }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/**
 * WebAuthn Level 3 §7.1, and that the key is one. `anchors`: the makers whose attestation is asked for; null
 * where none is.
 */
export async function verifyAttestation(given: {
  answer: EnrolAnswer
  isChallenge: (challenge: string) => boolean
  relyingParty: RelyingParty
  userVerification: 'preferred' | 'required'
  anchors: TrustAnchors | null
}): Promise<Verdict<NonNullable<VerifiedRegistrationResponse['registrationInfo']>>> {
  const { answer, isChallenge, relyingParty, userVerification, anchors } = given
  if (isFramed(answer.response.clientDataJSON)) return { ok: false, reason: 'framed' }
  const attestation = new Uint8Array(Buffer.from(answer.response.attestationObject, 'base64url'))
  if (!isWellFormed(attestation)) return { ok: false, reason: 'attestation_malformed' }
  try {
    const { verifyRegistrationResponse, SettingsService } = await library()
    // Where nobody asked who made it, the library's own roots (Apple's, Google's) stay.
    if (anchors)
      for (const identifier of attestationFormats)
        SettingsService.setRootCertificates({ identifier, certificates: [...anchors.certificates] })
    const { registrationInfo } = await verifyRegistrationResponse({
      response: { ...answer, clientExtensionResults: answer.clientExtensionResults ?? {} } as never,
      expectedChallenge: isChallenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: userVerification === 'required',
      supportedAlgorithmIDs: algorithms,
    })
    if (!registrationInfo) return { ok: false, reason: 'bad_attestation' }
    // A statement without certificates is the key's own word for itself (§6.5.4): it says nothing of who made
    // it.
    if (anchors && !attestationStatementOf(attestation).has('x5c'))
      return { ok: false, reason: 'not_attested' }
    const fault = keyFault(registrationInfo.credential.publicKey)
    return fault ? { ok: false, reason: fault } : { ok: true, result: registrationInfo }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/**
 * True where the page stood in a frame of another origin, which none of ours may (§7.2, step 12). Never
 * throws.
 */
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
 * An authenticator that counts must count up; one that stands still or goes back has a copy (§6.1.1). Zero
 * means that it does not count. Pure.
 */
export const isCopied = (data: Data, counter: number): boolean =>
  (data.counter > 0 || counter > 0) && counter <= data.counter

/**
 * What such a proof is worth: a key that can be backed up is no hardware key, however it is kept today (RFC
 * 8176 §2). Pure.
 */
export function claimsOf({
  backupEligible,
  userVerified,
}: Pick<Data, 'backupEligible' | 'userVerified'>): Claims {
  return claiming({
    amr: [backupEligible ? 'swk' : 'hwk', ...(userVerified ? ['user'] : [])],
    factors: userVerified ? ['possession', 'inherence'] : ['possession'],
    phishingResistant: true,
    userVerified,
    standsAlone: true,
  })
}
