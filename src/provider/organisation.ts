import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { AccessTokenClaims } from '../crypto/access-token.ts'
import type { AccountId, OrganisationId } from '../domain/id.ts'
import type { Organisation } from '../domain/organisation.ts'
import type { Engine } from '../engine/engine.ts'
import { textOf } from './parameter.ts'

/** The scope of `org_id` and `org_roles`, and the parameter that names one organisation. */
export const organisationScope = 'organization'
export const organisationParameter = 'organization'

const offeredMax = 200

/** In a grant: for which organisation it is, and until when; milliseconds since the epoch. */
export interface GrantOrganisation {
  id: OrganisationId
  until: number
}

type Wanted =
  /** The request is for no organisation, or the account is in none. */
  | { state: 'none' }
  | { state: 'chosen'; organisation: Organisation }
  /** The account is in several: the user chooses. */
  | { state: 'open'; offered: Organisation[] }
  /** The request names one that the account is not in. */
  | { state: 'refused' }

const known = new WeakMap<KoaContextWithOIDC, Promise<Wanted>>()

/** The organisation of a request, by parameter, by the user's choice, or as before. Read once a request. */
export function wantedOrganisation(
  engine: Engine,
  ctx: KoaContextWithOIDC,
  former?: Grant | undefined,
): Promise<Wanted> {
  const found = known.get(ctx) ?? find(engine, ctx, former)
  known.set(ctx, found)
  return found
}

async function find(
  engine: Engine,
  { oidc }: KoaContextWithOIDC,
  former: Grant | undefined,
): Promise<Wanted> {
  const { session, params, result } = oidc
  if (!session?.accountId || !oidc.requestParamOIDCScopes.has(organisationScope)) return { state: 'none' }
  const memberships = await engine.store.memberships.listOfAccount(session.accountId as AccountId, offeredMax)
  const offered = memberships.map(({ organisation }) => organisation)
  const named = (text: string | null | undefined) =>
    offered.find(({ id, slug }) => id === text || slug === text)
  const byUser = named((result as { organization?: string } | undefined)?.organization)
  const byRequest = textOf(params?.[organisationParameter])
  if (byRequest !== null && !named(byRequest)) return { state: 'refused' }
  const chosen = named(byRequest) ?? byUser ?? named(organisationOf(former)?.id)
  if (chosen) return { state: 'chosen', organisation: chosen }
  const [only, ...others] = offered
  if (!only) return { state: 'none' }
  return others.length === 0 ? { state: 'chosen', organisation: only } : { state: 'open', offered }
}

export const organisationOf = (grant: unknown): GrantOrganisation | undefined =>
  (grant as { organisation?: GrantOrganisation } | undefined)?.organisation

/** Of a grant: as the membership is now. Empty if it is for no organisation. */
export async function organisationClaimsOf(
  engine: Engine,
  given: { grant: unknown; accountId: string },
): Promise<Pick<AccessTokenClaims, 'org_id' | 'org_roles'>> {
  const { id: organisationId } = organisationOf(given.grant) ?? {}
  if (organisationId === undefined) return {}
  const accountId = given.accountId as AccountId
  const membership = await engine.store.memberships.find({ organisationId, accountId })
  return membership ? { org_id: organisationId, org_roles: [...membership.roles] } : {}
}
