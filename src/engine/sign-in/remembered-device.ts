import type { AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import { daysToMilliseconds } from '../../domain/clock.ts'
import type { Credential } from '../../domain/credential.ts'
import { claiming, type Evidence } from '../../domain/evidence.ts'
import { type AccountId, newCredentialId } from '../../domain/id.ts'
import type { Decision } from '../../domain/policy.ts'
import { browserHash, type Requester } from '../request-context.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'

/**
 * The one credential kind without a method: a browser that was signed in with two factors, and counts as one
 * afterwards.
 */
export const deviceKind = 'device'

const lookupOf = (accountId: AccountId, browser: string): string =>
  `${accountId}/${browserHash('remembered', browser)}`

/** Remembers this browser for this account, if the sign-in reached aal2 and the policy allows it. */
export async function rememberDevice(
  engine: SignInNeeds,
  tx: SignInTransaction,
  given: {
    account: AccountWithIdentifiers
    decision: Extract<Decision, { outcome: 'satisfied' }>
    requester: Requester
  },
): Promise<void> {
  const { account, decision, requester } = given
  const days = engine.settings.policy.limits.rememberedDays
  if (requester.browser === null || days === 0 || decision.acr === 'aal1') return
  const { now } = requester
  const lookup = lookupOf(account.id, requester.browser)
  const former = await tx.credentials.findByLookup(deviceKind, lookup)
  if (former) await tx.credentials.remove(former)
  await tx.credentials.insert({
    id: newCredentialId(engine),
    accountId: account.id,
    kind: deviceKind,
    lookup,
    name: requester.userAgent,
    data: { expiresAt: now + daysToMilliseconds(days) },
    revision: 1,
    createdAt: now,
    lastUsedAt: now,
    failures: 0,
    disabledAt: null,
    suspendedAt: null,
  })
}

/**
 * Possession only, dated when it was proved: too old where recent proof is required, and not enough alone.
 */
export function rememberedEvidence({
  attempt,
  credentials,
  requester,
}: {
  attempt: Attempt
  credentials: readonly Credential[]
  requester: Requester
}): Evidence[] {
  if (requester.browser === null || attempt.accountId === null || attempt.purpose !== 'sign-in') return []
  if (attempt.evidence.some(({ method }) => method === deviceKind)) return []
  const lookup = lookupOf(attempt.accountId, requester.browser)
  const device = credentials.find(
    (credential) =>
      credential.kind === deviceKind && credential.lookup === lookup && credential.suspendedAt === null,
  )
  if (!device || (device.data as { expiresAt: number }).expiresAt <= requester.now) return []
  const claims = claiming({ amr: [], factors: ['possession'] })
  return [
    {
      ...claims,
      method: deviceKind,
      accountId: attempt.accountId,
      credentialId: device.id,
      identifier: null,
      at: device.createdAt,
    },
  ]
}
