import type { Attempt } from '../../domain/attempt.ts'
import type { Brand } from '../../domain/brand.ts'
import type { Connection } from '../../domain/connection.ts'
import { decoyAccountId } from '../../domain/id.ts'
import { domainOf } from '../../domain/mail-domain.ts'
import type { SignInNeeds } from './needs.ts'

type Hint = Pick<Attempt, 'hint'>

/** Those of the organisation that has the domain of the typed address, whether an account has it or not. */
export const homeConnections = async (
  { store }: Pick<SignInNeeds, 'store'>,
  { hint }: Hint,
): Promise<Connection[]> =>
  hint?.kind === 'email' ? store.connections.listForDomain(domainOf(hint.value)) : []

/** The one by which everyone of that organisation must come: it accepts nothing that is proved here. */
export async function onlyWayHome(engine: SignInNeeds, { hint }: Hint): Promise<Connection | undefined> {
  const [first] = await homeConnections(engine, { hint })
  if (!first || hint?.kind !== 'email') return undefined
  const about = { accountId: decoyAccountId, organisationId: null, domain: domainOf(hint.value) }
  const [demand] = await engine.store.organisations.listDemands(about)
  const accepted = demand?.policy.methods
  return accepted?.every((id) => engine.methods.find(id)?.upstream) ? first : undefined
}

/** The brand of the organisation that has the domain of the typed address, account or not. */
export async function homeBrand({ store }: SignInNeeds, { hint }: Hint): Promise<Brand | null> {
  if (hint?.kind !== 'email') return null
  const claim = await store.organisationDomains.findVerified(domainOf(hint.value))
  const organisation = claim && (await store.organisations.find(claim.organisationId))
  return organisation?.state === 'active' ? organisation.brand : null
}
