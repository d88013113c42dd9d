import assert from 'node:assert/strict'
import type { AccountId } from '../../src/domain/id.ts'
import type { Organisation } from '../../src/domain/organisation.ts'
import { claimDomain } from '../../src/engine/organisations/domains.ts'
import { addMember } from '../../src/engine/organisations/members.ts'
import { addOrganisation } from '../../src/engine/organisations/organisations.ts'
import type { TestServer } from './fixture.ts'

/** An organisation, as an operator would add it. */
export const organisation = (
  { running: { engine } }: TestServer,
  given: Partial<Pick<Organisation, 'slug' | 'name' | 'policy'>> = {},
): Promise<Organisation> =>
  addOrganisation(engine, { slug: 'hangang', name: '한강전기', ...given, actor: 'test' })

/** Makes an account a member. */
export async function join(
  { running: { engine } }: TestServer,
  organisation: Organisation,
  given: { accountId: string; roles?: readonly string[] },
): Promise<void> {
  const { roles = [] } = given
  const accountId = given.accountId as AccountId
  const added = await addMember(engine, { organisation, accountId, roles, source: 'operator', actor: 'test' })
  assert.equal(added.account.id, accountId)
}

/** Claims a domain, as verified. */
export async function verifiedDomain(
  { running: { engine } }: TestServer,
  organisation: Organisation,
  domain = 'corp.example',
): Promise<void> {
  await claimDomain(engine, { organisation, domain, actor: 'test' })
  const now = engine.clock.now()
  await engine.store.organisationDomains.verify({ organisationId: organisation.id, domain, now })
}
