import type { ExportedOrganisation } from '../../domain/account-export.ts'
import { newOrganisationId, type OrganisationId } from '../../domain/id.ts'
import type { Organisation } from '../../domain/organisation.ts'
import type { MovingNeeds } from './needs.ts'

/**
 * Makes the organisations of an export that are not there yet, with their domains as they were; one that is
 * there stays as it is. Returns their ids by their slugs. A dry run writes nothing.
 */
export async function restoreOrganisations(
  engine: MovingNeeds,
  given: readonly ExportedOrganisation[],
  { actor, isDryRun }: { actor: string; isDryRun: boolean },
): Promise<Map<string, OrganisationId>> {
  const ids = new Map<string, OrganisationId>()
  for (const one of given) {
    const found = await engine.store.organisations.findBySlug(one.slug)
    ids.set(one.slug, found?.id ?? (await restore(engine, one, { actor, isDryRun })))
  }
  return ids
}

async function restore(
  engine: MovingNeeds,
  { slug, name, state, policy, brand, created_at: created, domains }: ExportedOrganisation,
  { actor, isDryRun }: { actor: string; isDryRun: boolean },
): Promise<OrganisationId> {
  const organisation: Organisation = {
    ...{ id: newOrganisationId(engine), slug, name, state, policy, brand: brand as Organisation['brand'] },
    ...{ revision: 1, createdAt: Date.parse(created), updatedAt: engine.clock.now() },
  }
  if (isDryRun) return organisation.id
  await engine.store.transaction(async (tx) => {
    await tx.organisations.insert(organisation)
    for (const { domain, token, verified_at: verified, created_at: claimed } of domains) {
      // Another organisation may have proved it here in the meantime.
      const isFree = (await tx.organisationDomains.findVerified(domain)) === undefined
      await tx.organisationDomains.insert({
        ...{ organisationId: organisation.id, domain, token, checkedAt: null, missingSince: null },
        verifiedAt: verified !== null && isFree ? Date.parse(verified) : null,
        createdAt: Date.parse(claimed),
      })
    }
    const about = { actor, subject: organisation.id, details: { slug } }
    await engine.audit.record(tx, { kind: 'organisation.created', ...about })
  })
  return organisation.id
}
