import { daysToMilliseconds } from '../../domain/clock.ts'
import { normalDomain } from '../../domain/mail-domain.ts'
import { domainRecord, type Organisation, type OrganisationDomain } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'
import { tellAdmins } from './tell-admins.ts'

const domainsMax = 100
const tokenBytes = 18
const checkedEveryDays = 1
/** How long a record may be missing before the domain is lost: a change of name servers takes its time. */
const graceDays = 7
const checkedAtOnce = 50

interface Asked {
  organisation: Organisation
  domain: string
  actor: string
}

/** Throws `invalid_fields`, `conflict` if the organisation claims it already. */
export async function claimDomain(
  engine: OrganisationNeeds,
  { organisation: { id }, domain: text, actor }: Asked,
): Promise<OrganisationDomain> {
  const domain = normalDomain(text)
  if (domain === undefined)
    throw new Problem('invalid_fields', { detail: `${text} is no mail domain, such as example.com` })
  const claim: OrganisationDomain = {
    ...{ organisationId: id, domain, token: engine.random.bytes(tokenBytes).toString('base64url') },
    ...{ verifiedAt: null, checkedAt: null, missingSince: null, createdAt: engine.clock.now() },
  }
  const write = engine.store.transaction(async (tx) => {
    if (!(await tx.organisations.lockForUpdate(id))) throw new Problem('not_found')
    if ((await tx.organisationDomains.list(id)).length >= domainsMax)
      throw new Problem('invalid_fields', { detail: `At most ${domainsMax} domains` })
    await tx.organisationDomains.insert(claim)
    await record(engine, tx, 'organisation.domain_claimed', { claim, actor })
  })
  await write.catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: `The organisation claims ${domain} already`, cause: error })
      : error
  })
  return claim
}

/**
 * Looks the TXT record up. Of two organisations that claim a domain, the one whose record is there has it.
 * Throws `not_found`, `domain_not_proved`, `conflict` if another organisation's record is there as well.
 */
export async function verifyDomain(
  engine: OrganisationNeeds,
  { organisation, domain: text, actor }: Asked,
): Promise<OrganisationDomain> {
  const claim = await findDomain(engine, { organisation, domain: text })
  const { domain } = claim
  const found = await isProved(engine, claim)
  if (found !== true) {
    const { name, value } = domainRecord(claim)
    const detail =
      found === undefined
        ? `The name servers did not answer for ${name}. Try again later.`
        : `There is no TXT record ${name} with the value ${value} yet. It may take an hour to appear.`
    throw new Problem('domain_not_proved', { detail, extensions: { record: { type: 'TXT', name, value } } })
  }
  const holder = await engine.store.organisationDomains.findVerified(domain)
  const isOfOther = holder !== undefined && holder.organisationId !== organisation.id
  if (isOfOther && (await isProved(engine, holder)) !== false) throw takenDomain(domain)
  const now = engine.clock.now()
  const write = engine.store.transaction(async (tx) => {
    if (isOfOther) await lose(engine, tx, { claim: holder, missingSince: now, now })
    if (!(await tx.organisationDomains.verify({ ...keyOf(claim), now }))) throw new Problem('not_found')
    if (claim.verifiedAt === null) await record(engine, tx, 'organisation.domain_verified', { claim, actor })
  })
  await write.catch((error) => {
    throw error instanceof UniqueViolation ? takenDomain(domain, error) : error
  })
  return { ...claim, verifiedAt: claim.verifiedAt ?? now, checkedAt: now, missingSince: null }
}

/** Throws `not_found`. */
export async function removeDomain(
  engine: OrganisationNeeds,
  { organisation, domain, actor }: Asked,
): Promise<void> {
  const claim = await findDomain(engine, { organisation, domain })
  await engine.store.transaction(async (tx) => {
    if (!(await tx.organisationDomains.remove(keyOf(claim)))) throw new Problem('not_found')
    await record(engine, tx, 'organisation.domain_removed', { claim, actor })
  })
}

/** Looks up the records of verified domains once a day; a domain without one is lost after a week. */
export async function recheckDomains(engine: OrganisationNeeds): Promise<void> {
  const now = engine.clock.now()
  const { organisationDomains } = engine.store
  const before = now - daysToMilliseconds(checkedEveryDays)
  for (const claim of await organisationDomains.listDue({ before, limit: checkedAtOnce })) {
    const found = await isProved(engine, claim)
    const missingSince = found === false ? (claim.missingSince ?? now) : claim.missingSince
    if (found === true) await organisationDomains.verify({ ...keyOf(claim), now })
    else if (missingSince === null || missingSince > now - daysToMilliseconds(graceDays))
      await organisationDomains.miss({
        ...keyOf(claim),
        missingSince: missingSince as number,
        isKept: true,
        now,
      })
    else await engine.store.transaction((tx) => lose(engine, tx, { claim, missingSince, now }))
  }
}

async function lose(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  { claim, missingSince, now }: { claim: OrganisationDomain; missingSince: number; now: number },
): Promise<void> {
  await tx.organisationDomains.miss({ ...keyOf(claim), missingSince, isKept: false, now })
  await record(engine, tx, 'organisation.domain_lost', { claim, actor: 'system' })
  await tellAdmins(engine, tx, {
    organisationId: claim.organisationId,
    what: 'domainLost',
    about: claim.domain,
  })
}

async function findDomain(
  { store }: OrganisationNeeds,
  { organisation, domain }: Pick<Asked, 'organisation' | 'domain'>,
): Promise<OrganisationDomain> {
  const claim = await store.organisationDomains.find({
    organisationId: organisation.id,
    domain: normalDomain(domain) ?? domain,
  })
  if (!claim) throw new Problem('not_found')
  return claim
}

/** Undefined if the name servers did not answer. */
async function isProved(
  { findTxtRecords }: OrganisationNeeds,
  claim: OrganisationDomain,
): Promise<boolean | undefined> {
  const { name, value } = domainRecord(claim)
  return findTxtRecords(name).then(
    (records) => records.some((text) => text.trim() === value),
    () => undefined,
  )
}

const keyOf = ({ organisationId, domain }: OrganisationDomain) => ({ organisationId, domain })

const record = (
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  kind: `organisation.domain_${'claimed' | 'verified' | 'lost' | 'removed'}`,
  { claim: { organisationId, domain }, actor }: { claim: OrganisationDomain; actor: string },
): Promise<void> => engine.audit.record(tx, { kind, actor, subject: organisationId, details: { domain } })

const takenDomain = (domain: string, cause?: unknown): Problem =>
  new Problem('conflict', {
    detail: `Another organisation has proved ${domain}, and its TXT record is still there`,
    ...(cause !== undefined && { cause }),
  })
