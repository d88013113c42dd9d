import type { Assurance } from './assurance.ts'
import { hoursToMilliseconds } from './clock.ts'
import type { Claims } from './evidence.ts'
import type { OrganisationDemand } from './policy-input.ts'

/** What an organisation asks of a sign-in. `since`: evidence from before this moment is too old. */
export function demandOfOrganisation(
  { slug, policy }: OrganisationDemand,
  now: number,
): { rule: string; acr: Assurance; phishingResistant: boolean; since: number } {
  const { acr = 'aal1', phishingResistant = false, sessionHoursMax } = policy
  const since = sessionHoursMax === undefined ? 0 : now - hoursToMilliseconds(sessionHoursMax)
  return { rule: `organisations.${slug}`, acr, phishingResistant, since }
}

/** The organisation that does not accept such a proof. */
export const refusedBy = (
  organisations: readonly OrganisationDemand[],
  { method, phishingResistant, userVerified }: Claims & { method: string },
): OrganisationDemand | undefined =>
  organisations.find(
    ({ policy: { methods }, breakGlass }) =>
      methods !== undefined &&
      !methods.includes(method) &&
      !(breakGlass && phishingResistant && userVerified),
  )

/** The same, as a step of the reasoning. */
export function refusalBy(
  organisations: readonly OrganisationDemand[],
  piece: Claims & { method: string },
): { rule: string; says: 'ignores'; because: string } | undefined {
  const by = refusedBy(organisations, piece)
  return (
    by && {
      ...{ rule: `organisations.${by.slug}`, says: 'ignores' },
      because: `${by.slug} does not accept ${piece.method}`,
    }
  )
}
