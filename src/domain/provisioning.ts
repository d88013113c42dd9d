import type { AccountId, OrganisationId, ScimGroupId, ScimTokenId, ScimUserId } from './id.ts'
import type { Resource } from './scim/resource.ts'

/** A bearer token by which a directory provisions one organisation (RFC 7644 §2). Times in milliseconds. */
export interface ScimToken {
  id: ScimTokenId
  organisationId: OrganisationId
  name: string
  secretHash: string
  createdAt: number
  expiresAt: number | null
  lastUsedAt: number | null
}

/** A user as the directory of an organisation describes it, and the account that stands for it. */
export interface ScimUser {
  id: ScimUserId
  organisationId: OrganisationId
  accountId: AccountId
  /** In lower case; unique within the organisation. */
  userName: string
  externalId: string | null
  /** The address of the account, in its normal form. */
  email: string | null
  active: boolean
  /** The account was made for it, or has an address of the organisation's verified domains. */
  ownsAccount: boolean
  attributes: Resource
  revision: number
  createdAt: number
  updatedAt: number
}

export interface ScimGroup {
  id: ScimGroupId
  organisationId: OrganisationId
  /** In lower case; unique within the organisation. */
  displayName: string
  externalId: string | null
  attributes: Resource
  revision: number
  createdAt: number
  updatedAt: number
}
