import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { ConsentScope } from '../domain/grant.ts'
import type { AccountId } from '../domain/id.ts'
import type { Organisation } from '../domain/organisation.ts'
import { adminScopes } from '../domain/role.ts'
import type { Session } from '../domain/session.ts'
import type { Engine } from '../engine/engine.ts'
import { usableScopes } from '../engine/sessions/issue-tokens.ts'
import { organisationEnd } from '../engine/sign-in/enter-organisation.ts'
import { organisationOf, wantedOrganisation } from './organisation.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import { ownSession } from './session-bridge.ts'

const noConsent: ConsentScope = { scopes: [], claims: [], resources: {} }

/**
 * The client's grant in this session. A new one holds everything requested for a first-party client, and what
 * the user consented to before for others. The consent page asks for the rest.
 */
export async function loadGrant(engine: Engine, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { oidc } = ctx
  const { session, client: ofLibrary, provider } = oidc
  const client = ofLibrary as unknown as ProviderClient
  const own = session?.accountId ? await ownSession(engine, ctx) : undefined
  if (!session?.accountId || !own) return undefined
  // A step-up elsewhere counts for this application as well.
  Object.assign(session, { acr: own.acr, amr: own.amr, loginTs: Math.floor(own.authenticatedAt / 1000) })
  const id = oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
  const existing = id === undefined ? undefined : await provider.Grant.find(id)
  const wanted = await wantedOrganisation(engine, ctx, existing)
  if (wanted.state === 'open' || wanted.state === 'refused') return undefined // the user is asked first
  const organisation = wanted.state === 'chosen' ? wanted.organisation : undefined
  const isGood =
    existing !== undefined &&
    existing.accountId === session.accountId &&
    existing.clientId === client.clientId &&
    organisationOf(existing)?.id === organisation?.id
  const grant = isGood ? existing : await emptyGrant(engine, ctx, { own, organisation })
  if (!settingsOf(client).firstParty) {
    if (isGood) return grant
    const consent = await engine.store.consents.find({
      accountId: session.accountId as AccountId,
      clientId: client.clientId,
    })
    allow(grant, intersection(wantedBy(ctx), consent?.granted ?? noConsent))
  } else allow(grant, wantedBy(ctx))
  await withhold(engine, ctx, { grant, own })
  session.sidFor(client.clientId, await grant.save())
  return grant
}

async function emptyGrant(
  engine: Engine,
  { oidc: { session, client, provider } }: KoaContextWithOIDC,
  { own, organisation }: { own: Session; organisation: Organisation | undefined },
): Promise<Grant> {
  const details = { client: client?.clientId ?? null, session: session?.uid ?? null }
  const accountId = session?.accountId as string
  await engine.audit.record(engine.store, {
    kind: 'grant.given',
    actor: accountId,
    subject: accountId,
    details,
  })
  const given = {
    accountId: session?.accountId,
    clientId: client?.clientId,
    sessionId: session?.uid,
    status: await engine.statuses.next('session'),
    ...(organisation && {
      organisation: { id: organisation.id, until: organisationEnd(organisation, own) },
    }),
  }
  return new provider.Grant(given as unknown as { clientId: string; accountId: string })
}

/** Scopes that need a role, and a session that meets its requirement. */
async function withhold(
  engine: Engine,
  { oidc }: KoaContextWithOIDC,
  { grant, own }: { grant: Grant; own: Session },
): Promise<void> {
  const asked = adminScopes.filter((scope) => oidc.requestParamOIDCScopes.has(scope))
  if (asked.length === 0) return
  const account = await engine.store.accounts.find(grant.accountId as AccountId)
  const usable: readonly string[] = account ? usableScopes(engine, { account, session: own }) : []
  // Rejected before, and allowed now after a step-up.
  const refused = grant.rejected?.openid
  const left = refused?.scope?.split(' ').filter((scope) => !usable.includes(scope))
  if (refused && left) refused.scope = left.join(' ')
  const withheld = asked.filter((scope) => !usable.includes(scope))
  if (withheld.length > 0) grant.rejectOIDCScope(withheld.join(' '))
}

/** The requested scopes. */
export function wantedBy({ oidc }: KoaContextWithOIDC): ConsentScope {
  const resources = Object.entries(oidc.resourceServers ?? {}).map(([resource, server]) => {
    const available = new Set(server.scope.split(' '))
    return [resource, [...oidc.requestParamScopes].filter((scope) => available.has(scope))] as const
  })
  return {
    scopes: [...oidc.requestParamOIDCScopes],
    claims: [...oidc.requestParamClaims],
    resources: Object.fromEntries(resources),
  }
}

export function allow(grant: Grant, { scopes, claims, resources }: ConsentScope): void {
  if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '))
  if (claims.length > 0) grant.addOIDCClaims(claims)
  for (const [resource, allowed] of Object.entries(resources))
    if (allowed.length > 0) grant.addResourceScope(resource, allowed.join(' '))
}

function intersection(wanted: ConsentScope, allowed: ConsentScope): ConsentScope {
  const both = (some: string[], others: string[] = []) => some.filter((one) => others.includes(one))
  return {
    scopes: both(wanted.scopes, allowed.scopes),
    claims: both(wanted.claims, allowed.claims),
    resources: Object.fromEntries(
      Object.entries(wanted.resources).map(([resource, scopes]) => [
        resource,
        both(scopes, allowed.resources[resource]),
      ]),
    ),
  }
}

/** The union of former and new consent. */
export function union(some: ConsentScope, others: ConsentScope): ConsentScope {
  const both = (one: string[] = [], other: string[] = []) => [...new Set([...one, ...other])]
  const keys = both(Object.keys(some.resources), Object.keys(others.resources))
  return {
    scopes: both(some.scopes, others.scopes),
    claims: both(some.claims, others.claims),
    resources: Object.fromEntries(keys.map((key) => [key, both(some.resources[key], others.resources[key])])),
  }
}
