import { isIP } from 'node:net'
import type { Credential } from '../../domain/credential.ts'
import { claiming } from '../../domain/evidence.ts'
import type { MethodContext, MethodDefinition, Proof } from '../../domain/method.ts'
import { authenticatorOf } from './authenticators.ts'
import { browserScript } from './browser.ts'
import { enrol, userHandleOf } from './enrol.ts'
import { form } from './form.ts'
import { relyingPartyOf } from './relying-party.ts'
import { type Answer, answer, type Data, data, type Settings, type State, settings, state } from './schema.ts'
import { settingsFaults } from './trust-anchors.ts'
import { claimsOfPasskey, isCopied, verifyAssertion } from './verify.ts'
import { words } from './words.ts'

const ceremonySeconds = 300
const challengeBytes = 32

/** In a secure context, and bound to a name (WebAuthn Level 3 §5.1.2, Secure Contexts §3.1). */
function isUsableAt(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer)
  if (isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) return false
  return protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
}

/**
 * A key pair of the user's device, for this site only (WebAuthn Level 3). With user verification it counts as
 * two factors.
 */
export const passkey: MethodDefinition<Settings, Data, State, Answer> = {
  id: 'passkey',
  canClaim: claiming({
    amr: ['hwk', 'swk', 'user'],
    factors: ['possession', 'inherence'],
    phishingResistant: true,
    userVerified: true,
    standsAlone: true,
  }),
  offered: true,
  // an address is no rp id (§5.1.2)
  worksAt: isUsableAt,
  settings,
  settingsFaults,
  data,
  state,
  answer,
  form,
  browserScript,
  discoverable: true,
  words,
  offer({ credentials }) {
    const [strongest] = [...credentials].sort(
      (a, b) => Number(a.data.backupEligible) - Number(b.data.backupEligible),
    )
    // A key that was enrolled without user verification may verify next time.
    return (
      strongest && {
        claims: claimsOfPasskey({
          backupEligible: strongest.data.backupEligible,
          userVerified: credentials.some(({ data }) => data.userVerified),
        }),
        identifier: null,
      }
    )
  },

  /** An anonymous user gets no list of credentials: the browser offers its own for this site. */
  async begin({ credentials, issuer, knowsAccount, random, secrets, settings }) {
    const challenge = random.bytes(challengeBytes).toString('base64url')
    const allowed = knowsAccount ? credentials : []
    const options = {
      challenge,
      rpId: relyingPartyOf(issuer, settings).id,
      timeout: ceremonySeconds * 1000,
      userVerification: settings.userVerification,
      allowCredentials: allowed.map(({ lookup, data: { transports } }) => ({
        type: 'public-key',
        id: lookup,
        transports,
      })),
    }
    return {
      challenge: options,
      state: { challengeHash: secrets.hash(challenge) },
      expiresInSeconds: ceremonySeconds,
    }
  },

  async prove(ctx, { challengeHash }, answer) {
    const credential = await ctx.findByLookup(answer.id)
    const relyingParty = relyingPartyOf(ctx.issuer, ctx.settings)
    if (!credential) {
      return {
        outcome: 'refused',
        reason: 'unknown_credential',
        notes: { unknown_credential: { rp_id: relyingParty.id, credential_id: answer.id } },
      }
    }
    if (ctx.account && credential.accountId !== ctx.account.id)
      return { outcome: 'refused', reason: 'another_account' }
    const { userHandle } = answer.response
    if (userHandle && userHandle !== userHandleOf(credential.accountId))
      return { outcome: 'refused', reason: 'another_user_handle' }
    return judge(ctx, { credential, challengeHash, answer })
  },

  enrol: enrol as never,
  claimsOf: claimsOfPasskey,
  describe: ({ aaguid, backupEligible, backedUp, userVerified, transports }) => ({
    authenticator: authenticatorOf(aaguid)?.name ?? null,
    icon: authenticatorOf(aaguid)?.icon ?? 'key',
    aaguid,
    backup_eligible: backupEligible,
    backed_up: backedUp,
    user_verified: userVerified,
    transports,
  }),
  relatedOrigins: (settings) => relyingPartyOf('https://issuer.invalid', settings).origins.slice(1),
  /**
   * For `PublicKeyCredential.signalAllAcceptedCredentials` and `signalCurrentUserDetails` (WebAuthn Level 3
   * §5.1.10).
   */
  signals: ({ account, credentials, issuer }) => ({
    rp_id: relyingPartyOf(issuer, { origins: '' }).id,
    user_id: userHandleOf(account.id),
    name: account.identifiers[0]?.display ?? account.name ?? account.id,
    display_name: account.name ?? account.identifiers[0]?.display ?? account.id,
    all_accepted_credential_ids: credentials.map(({ lookup }) => lookup),
  }),
}

async function judge(
  { issuer, secrets, settings }: MethodContext<Settings, Data>,
  {
    credential,
    challengeHash,
    answer,
  }: { credential: Credential<Data>; challengeHash: string; answer: Answer },
): Promise<Proof<Data>> {
  const { data: kept } = credential
  const relyingParty = relyingPartyOf(issuer, settings)
  const isChallenge = (given: string) => secrets.matches(given, challengeHash)
  const verdict = await verifyAssertion({
    answer,
    isChallenge,
    relyingParty,
    data: kept,
    userVerification: settings.userVerification,
  })
  if (!verdict.ok) return { outcome: 'refused', reason: verdict.reason }
  const { newCounter, userVerified, credentialDeviceType, credentialBackedUp } = verdict.result
  if (isCopied(kept, newCounter))
    return { outcome: 'refused', reason: 'counter_regression', suspectedClone: credential }
  // Backup eligibility is fixed when the key is created (§7.2, step 18).
  if ((credentialDeviceType === 'multiDevice') !== kept.backupEligible)
    return { outcome: 'refused', reason: 'backup_eligibility_changed' }
  const data: Data = {
    ...kept,
    counter: newCounter,
    backedUp: credentialBackedUp,
    userVerified: kept.userVerified || userVerified,
  }
  const changed =
    newCounter !== kept.counter || data.backedUp !== kept.backedUp || data.userVerified !== kept.userVerified
  const update = {
    id: credential.id,
    revision: credential.revision,
    data,
    win: newCounter > 0 ? 'must' : 'may',
  } as const
  return {
    outcome: 'proved',
    by: { credential },
    claims: claimsOfPasskey({ ...data, userVerified }),
    ...(changed && { update }),
  }
}
