import { slugPattern } from '../../domain/connection.ts'
import { newOrganisationId, type OrganisationId } from '../../domain/id.ts'
import type { Organisation } from '../../domain/organisation.ts'
import { isOrganisationPolicy } from '../../domain/organisation-policy.ts'
import { Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import { refuseUnreadable } from '../clients/refuse-brand.ts'
import { endOrganisationSessions } from '../sessions/organisation-sessions.ts'
import type { OrganisationNeeds } from './needs.ts'

const isSlug = new RegExp(slugPattern)
const nameLengthMax = 100
/** It stands in mails: no control characters, no markup, nothing that mail programs make a link of. */
const unfitInNames = /[\p{C}<>@\\]|:|\/\/|www\./iu

export type OrganisationChange = Partial<Pick<Organisation, 'slug' | 'name' | 'state' | 'policy' | 'brand'>>

/** Throws `invalid_fields`, `conflict` if its slug is taken. */
export async function addOrganisation(
  engine: OrganisationNeeds,
  {
    slug,
    name,
    policy = {},
    brand = null,
    actor,
  }: Pick<Organisation, 'slug' | 'name'> & Pick<OrganisationChange, 'policy' | 'brand'> & { actor: string },
): Promise<Organisation> {
  const now = engine.clock.now()
  const organisation: Organisation = {
    ...{ id: newOrganisationId(engine), slug, name: name.trim(), state: 'active', policy, brand },
    ...{ revision: 1, createdAt: now, updatedAt: now },
  }
  refuseUnfit(engine, organisation)
  const write = engine.store.transaction(async (tx) => {
    await tx.organisations.insert(organisation)
    const about = { actor, subject: organisation.id, details: { slug } }
    await engine.audit.record(tx, { kind: 'organisation.created', ...about })
  })
  await write.catch(slugTaken(slug))
  return organisation
}

/**
 * Changes the given members; where it is disabled or its policy changes, the sessions for it end. `revision`:
 * null for any. Throws `invalid_fields`, `precondition_failed`, `conflict` if it was changed at the same
 * time, or its slug is taken.
 */
export async function updateOrganisation(
  engine: OrganisationNeeds,
  given: {
    organisation: Organisation
    revision: number | null
    change: OrganisationChange
    actor: string
  },
): Promise<Organisation> {
  const { organisation: former, revision, change, actor } = given
  if (revision !== null && revision !== former.revision) throw new Problem('precondition_failed')
  const next = { ...former, ...change, updatedAt: engine.clock.now() }
  next.name = next.name.trim()
  refuseUnfit(engine, next)
  const { id } = next
  const write = engine.store.transaction(async (tx) => {
    if (!(await tx.organisations.update(next))) throw new Problem('conflict')
    // Tokens for it rest on what its policy asked for then.
    if (next.state === 'disabled' || change.policy !== undefined)
      await endOrganisationSessions(engine, tx, { organisationId: id, accountId: null, actor })
    const details = { slug: next.slug, fields: Object.keys(change).join(' ') }
    await engine.audit.record(tx, { kind: 'organisation.updated', actor, subject: id, details })
  })
  await write.catch(slugTaken(next.slug))
  await engine.revocations.poll()
  return { ...next, revision: next.revision + 1 }
}

/** Its members keep their accounts; the sessions for it end. Throws `not_found`. */
export async function removeOrganisation(
  engine: OrganisationNeeds,
  { organisation: { id, slug }, actor }: { organisation: Organisation; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    await endOrganisationSessions(engine, tx, { organisationId: id, accountId: null, actor })
    await tx.tickets.withdraw({ purpose: 'membership', subject: id, now: engine.clock.now() })
    if (!(await tx.organisations.remove(id))) throw new Problem('not_found')
    await engine.audit.record(tx, { kind: 'organisation.removed', actor, subject: id, details: { slug } })
  })
  await engine.revocations.poll()
}

/** Throws `not_found`. */
export async function findOrganisation(
  { store }: Pick<OrganisationNeeds, 'store'>,
  id: OrganisationId,
): Promise<Organisation> {
  const organisation = await store.organisations.find(id)
  if (!organisation) throw new Problem('not_found')
  return organisation
}

/** By its slug or its id. */
export const organisationNamed = (
  { store }: Pick<OrganisationNeeds, 'store'>,
  text: string,
): Promise<Organisation | undefined> =>
  text.startsWith('org_')
    ? store.organisations.find(text as OrganisationId)
    : store.organisations.findBySlug(text)

function refuseUnfit({ methods }: OrganisationNeeds, { slug, name, policy, brand }: Organisation): void {
  if (!isSlug.test(slug)) throw invalid('slug: at most 32 small letters, digits and dashes, a letter first')
  if (name === '' || name.length > nameLengthMax || unfitInNames.test(name))
    throw invalid(`name: 1 to ${nameLengthMax} characters, without addresses and markup`)
  refuseUnreadable(brand)
  if (!isOrganisationPolicy(policy))
    throw invalid('policy: acr, phishing_resistant, methods, session_hours_max')
  const unknown = policy.methods?.find((id) => !methods.find(id))
  if (unknown !== undefined) throw invalid(`policy: there is no method ${unknown}`)
}

const slugTaken =
  (slug: string) =>
  (error: unknown): never => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: `There is an organisation ${slug} already`, cause: error })
      : error
  }

const invalid = (detail: string): Problem => new Problem('invalid_fields', { detail })
