import type { Assurance } from './assurance.ts'
import type { Brand } from './brand.ts'
import type { AccountId, OrganisationId } from './id.ts'

/** `disabled`: its tokens and its connections stop; its members keep their accounts. */
export const organisationStates = ['active', 'disabled'] as const
export type OrganisationState = (typeof organisationStates)[number]

/** What an organisation asks of its members beyond the policy of the server: it can only ask for more. */
export interface OrganisationPolicy {
  /** The least assurance. */
  acr?: Assurance
  /** One proof must be phishing-resistant, such as a passkey. */
  phishingResistant?: boolean
  /** Only these methods prove anything. */
  methods?: readonly string[]
  /** How old the sign-in of a session may be, in hours. */
  sessionHoursMax?: number
}

/** A company, school or team whose members sign in here. Times are milliseconds since the epoch. */
export interface Organisation {
  id: OrganisationId
  /** In parameters and on the command line; unique. */
  slug: string
  name: string
  state: OrganisationState
  policy: OrganisationPolicy
  /** Of pages for its people, over the application's and the server's; set by operators. */
  brand: Brand | null
  revision: number
  createdAt: number
  updatedAt: number
}

/** Mail domains are proved by a TXT record. Of all organisations that claim one, one has it. */
export interface OrganisationDomain {
  organisationId: OrganisationId
  /** Lower case, IDNA A-labels. */
  domain: string
  /** What the TXT record says. */
  token: string
  verifiedAt: number | null
  /** When the record was last looked up. */
  checkedAt: number | null
  /** Since when the record of a verified domain is missing. */
  missingSince: number | null
  createdAt: number
}

/** How a member came in; what a directory added, it may remove. */
export const membershipSources = ['operator', 'invitation', 'connection'] as const
export type MembershipSource = (typeof membershipSources)[number]

/** Administers the organisation; every other role is a name for applications. */
export const adminRole = 'admin'
export const rolePattern = '^[a-z][a-z0-9_.-]{0,39}$'
export const rolesMax = 20
/** How many identity providers an organisation has. */
export const connectionsMax = 20

export interface Membership {
  organisationId: OrganisationId
  accountId: AccountId
  roles: readonly string[]
  /** Has the role `admin`. */
  isAdmin: boolean
  source: MembershipSource
  /** May sign in with a passkey where the organisation accepts only other methods: a way back in. */
  breakGlass: boolean
  createdAt: number
  updatedAt: number
}

/** What a directory says of a user: null roles say nothing of them. */
export interface DirectoryMembership {
  organisationId: OrganisationId
  roles: readonly string[] | null
}

/** Where the TXT record of a domain is, and what it says. */
export const domainRecord = ({ domain, token }: Pick<OrganisationDomain, 'domain' | 'token'>) => ({
  name: `_sumun-challenge.${domain}`,
  value: `sumun-domain-verification=${token}`,
})

/** Looks TXT records up. Empty if there are none; throws where the name servers do not answer. */
export type FindTxtRecords = (name: string) => Promise<readonly string[]>
