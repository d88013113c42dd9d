import type { AccountId } from '../../domain/id.ts'
import { connectionsMax, type Organisation } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import type { OrganisationNeeds } from './needs.ts'
import { updateOrganisation } from './organisations.ts'

/**
 * From now on only the organisation's own providers sign its people in. Throws `not_tried` unless the admin
 * has signed in by one of them, so that a provider that does not work locks no one out.
 */
export async function requireConnections(
  engine: OrganisationNeeds,
  { organisation, accountId }: { organisation: Organisation; accountId: AccountId },
): Promise<Organisation> {
  const page = { after: null, limit: connectionsMax }
  const found = await engine.store.connections.listOfOrganisation(organisation.id, page)
  const open = found.filter(({ state }) => state === 'enabled')
  const credentials = await engine.store.credentials.listByAccount(accountId)
  const isTried = credentials.some(({ kind, data }) => {
    const connection = engine.methods.find(kind)?.identity?.(data).connection
    return open.some(({ id }) => id === connection)
  })
  if (!isTried) throw new Problem('not_tried')
  const policy = { ...organisation.policy, methods: [...new Set(open.map(({ kind }) => kind))] }
  return updateOrganisation(engine, { organisation, revision: null, change: { policy }, actor: accountId })
}

/** Other methods count again. */
export async function stopRequiring(
  engine: OrganisationNeeds,
  { organisation, accountId }: { organisation: Organisation; accountId: AccountId },
): Promise<Organisation> {
  const { methods: _, ...policy } = organisation.policy
  return updateOrganisation(engine, { organisation, revision: null, change: { policy }, actor: accountId })
}
