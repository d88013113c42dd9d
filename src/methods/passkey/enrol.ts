import type { EnrolContext, Enrolment, MethodDefinition } from '../../domain/method.ts'
import { authenticatorOf } from './authenticators.ts'
import { enrolScript } from './browser.ts'
import { algorithms } from './cose-key.ts'
import { isAllowedModel, relyingPartyOf } from './relying-party.ts'
import { type Data, type EnrolAnswer, enrolAnswer, type Settings, type State } from './schema.ts'
import { trustAnchorsOf } from './trust-anchors.ts'
import { verifyAttestation } from './verify.ts'
import { words } from './words.ts'

const ceremonySeconds = 300
const challengeBytes = 32

type Context = EnrolContext<Settings, Data>

/** The user handle is the account's id: no personal data (§14.6.1). */
export const userHandleOf = (accountId: string): string => Buffer.from(accountId).toString('base64url')

async function begin({ account, credentials, issuer, random, secrets, settings, siteName }: Context) {
  const relyingParty = relyingPartyOf(issuer, settings)
  const challenge = random.bytes(challengeBytes).toString('base64url')
  const name = account.identifiers[0]?.display ?? account.name ?? account.id
  const options = {
    rp: { id: relyingParty.id, name: siteName },
    user: { id: userHandleOf(account.id), name, displayName: account.name ?? name },
    challenge,
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: ceremonySeconds * 1000,
    excludeCredentials: credentials.map(({ lookup, data: { transports } }) => ({
      type: 'public-key',
      id: lookup,
      transports,
    })),
    authenticatorSelection: {
      residentKey: 'preferred',
      requireResidentKey: false,
      userVerification: settings.userVerification,
    },
    attestation: settings.attestation,
    extensions: { credProps: true },
  }
  return {
    challenge: options,
    state: { challengeHash: secrets.hash(challenge) },
    expiresInSeconds: ceremonySeconds,
  }
}

async function finish(
  { issuer, secrets, settings, locale }: Context,
  { challengeHash }: State,
  answer: EnrolAnswer,
): Promise<Enrolment<Data>> {
  const refused = (code: string, word: 'refused' | 'model'): Enrolment<Data> => ({
    outcome: 'refused',
    errors: [{ field: '', code, message: words[locale][word] as string }],
    notes: {},
  })
  const relyingParty = relyingPartyOf(issuer, settings)
  const isChallenge = (given: string) => secrets.matches(given, challengeHash)
  const verdict = await verifyAttestation({
    answer,
    isChallenge,
    relyingParty,
    userVerification: settings.userVerification,
    anchors: settings.attestation === 'direct' ? trustAnchorsOf(settings) : null,
  })
  if (!verdict.ok) return refused(verdict.reason, 'refused')
  const { credential, aaguid, fmt, credentialDeviceType, credentialBackedUp, userVerified } = verdict.result
  const isAttested = settings.attestation === 'none' || fmt !== 'none'
  if (!isAttested || !isAllowedModel(settings, aaguid)) return refused('model_not_allowed', 'model')
  const data: Data = {
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: answer.response.transports ?? [],
    aaguid,
    backupEligible: credentialDeviceType === 'multiDevice',
    backedUp: credentialBackedUp,
    userVerified,
  }
  return {
    outcome: 'enrolled',
    credential: { lookup: credential.id, name: authenticatorOf(aaguid)?.name ?? null, data },
    notes: {},
    proves: true,
  }
}

export const enrol: NonNullable<MethodDefinition<Settings, Data, State, EnrolAnswer>['enrol']> = {
  holds: 'many',
  answer: enrolAnswer,
  page: { form: [], shows: [], browserScript: enrolScript },
  begin,
  finish,
}
