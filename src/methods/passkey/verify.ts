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
  // Level 3 removed token binding (§5.8.1); the library refuses assertions of browsers that still report it
  // as absent.
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
 * WebAuthn Level 3 §7.1, and a check of the key. `anchors`: the vendors whose attestation is required; null:
 * none is.
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
    // Without required attestation, the library's own roots (Apple's, Google's) apply.
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
    // A statement without certificates is self attestation (§6.5.4): it proves no vendor.
    if (anchors && !attestationStatementOf(attestation).has('x5c'))
      return { ok: false, reason: 'not_attested' }
    const fault = keyFault(registrationInfo.credential.publicKey)
    return fault ? { ok: false, reason: fault } : { ok: true, result: registrationInfo }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

/** True if the page was in a cross-origin frame, which ours never are (§7.2, step 12). Never throws. */
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
 * A signature counter must increase; otherwise the authenticator may have been cloned (§6.1.1). Zero means
 * that there is no counter. Pure.
 */
export const isCopied = (data: Data, counter: number): boolean =>
  (data.counter > 0 || counter > 0) && counter <= data.counter

/**
 * The claims of such a proof: a key that can be backed up is not hardware-bound, wherever it is stored now
 * (RFC 8176 §2). Pure.
 */
export function claimsOfPasskey({
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
