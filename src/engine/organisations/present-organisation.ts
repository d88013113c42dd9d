import { toTimestamp } from '../../domain/clock.ts'
import {
  domainRecord,
  type Organisation,
  type OrganisationDomain,
  type OrganisationPolicy,
} from '../../domain/organisation.ts'
import type { Member } from './members.ts'

/** An organisation as JSON, snake case. */
export const presentOrganisation = ({
  id,
  slug,
  name,
  state,
  policy,
  brand,
  revision,
  ...at
}: Organisation) => ({
  ...{ id, slug, name, state, policy: presentPolicy(policy), brand, revision },
  created_at: toTimestamp(at.createdAt),
  updated_at: toTimestamp(at.updatedAt),
})

const presentPolicy = ({ acr, phishingResistant, methods, sessionHoursMax }: OrganisationPolicy) => ({
  ...(acr !== undefined && { acr }),
  ...(phishingResistant !== undefined && { phishing_resistant: phishingResistant }),
  ...(methods !== undefined && { methods: [...methods] }),
  ...(sessionHoursMax !== undefined && { session_hours_max: sessionHoursMax }),
})

/** The other way round. */
export const policyFrom = (given: ReturnType<typeof presentPolicy>): OrganisationPolicy => ({
  ...(given.acr !== undefined && { acr: given.acr }),
  ...(given.phishing_resistant !== undefined && { phishingResistant: given.phishing_resistant }),
  ...(given.methods !== undefined && { methods: given.methods }),
  ...(given.session_hours_max !== undefined && { sessionHoursMax: given.session_hours_max }),
})

const orNull = (at: number | null): string | null => (at === null ? null : toTimestamp(at))

export const presentDomain = (claim: OrganisationDomain) => ({
  domain: claim.domain,
  verified: claim.verifiedAt !== null,
  verified_at: orNull(claim.verifiedAt),
  checked_at: orNull(claim.checkedAt),
  missing_since: orNull(claim.missingSince),
  record: { type: 'TXT' as const, ...domainRecord(claim) },
})

export function presentMember({ membership, account }: Member) {
  const email = account.identifiers.find(({ kind }) => kind === 'email')
  return {
    account_id: account.id,
    name: account.name,
    email: email?.display ?? null,
    email_verified: email?.verifiedAt != null,
    roles: [...membership.roles],
    source: membership.source,
    break_glass: membership.breakGlass,
    created_at: toTimestamp(membership.createdAt),
  }
}
