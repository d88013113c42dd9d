import type { AccountWithIdentifiers } from '../../domain/account.ts'
import {
  type ExportCounts,
  type ExportedAccount,
  type ExportedOrganisation,
  type ExportLine,
  exportVersion,
} from '../../domain/account-export.ts'
import { toTimestamp } from '../../domain/clock.ts'
import type { Credential } from '../../domain/credential.ts'
import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { Membership, Organisation } from '../../domain/organisation.ts'
import type { MovingNeeds, MovingTransaction } from './needs.ts'
import { toPortable } from './portable-data.ts'

const rowsPerPage = 500

/** Whom to export: all accounts, the members of an organisation, or one account. */
export type ExportScope = { organisation: Organisation } | { account: AccountId } | 'all'

/**
 * Lines of an export, from one view of the database: a head, the organisations, the accounts with everything
 * that is theirs, and how many there are of each. Sessions, events and applications are not in it; a backup
 * has them.
 */
export async function* exportLines(
  engine: MovingNeeds,
  view: MovingTransaction,
  scope: ExportScope,
): AsyncGenerator<ExportLine> {
  const { clock, settings } = engine
  const counts = { organisations: 0, accounts: 0, identifiers: 0, credentials: 0, memberships: 0 }
  yield {
    ...{ sumun_export: exportVersion, issuer: settings.issuer },
    exported_at: toTimestamp(clock.now()),
  }
  const slugs = new Map<OrganisationId, string>()
  for await (const organisation of organisationsIn(view, scope)) {
    slugs.set(organisation.id, organisation.slug)
    counts.organisations++
    yield { organisation: await presentOrganisation(view, organisation) }
  }
  const connections = new Map<string, string>()
  for await (const { id, slug } of pages(
    (after: `con_${string}` | null) => view.connections.list({ after, limit: rowsPerPage }),
    ({ id }) => id,
  ))
    connections.set(id, slug)
  for await (const page of accountPages(view, scope)) {
    for (const account of await complete(view, page)) {
      const line = present(engine, account, { slugs, connections })
      count(counts, line)
      yield { account: line }
    }
  }
  yield { end: counts }
}

function count(counts: ExportCounts, { identifiers, credentials, memberships }: ExportedAccount): void {
  counts.accounts++
  counts.identifiers += identifiers.length
  counts.credentials += credentials.length
  counts.memberships += memberships.length
}

async function* pages<Row, Key>(
  read: (after: Key | null) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<Row> {
  for (let after: Key | null = null; ; ) {
    const page: Row[] = await read(after)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < rowsPerPage) return
    after = keyOf(last)
  }
}

async function* organisationsIn(view: MovingTransaction, scope: ExportScope): AsyncGenerator<Organisation> {
  if (scope !== 'all' && 'organisation' in scope) {
    yield scope.organisation
    return
  }
  if (scope === 'all') {
    yield* pages(
      (after: OrganisationId | null) => view.organisations.list({ after, limit: rowsPerPage }),
      ({ id }) => id,
    )
    return
  }
  for (const { organisation } of await view.memberships.listOfAccount(scope.account, rowsPerPage))
    yield organisation
}

async function* accountPages(
  view: MovingTransaction,
  scope: ExportScope,
): AsyncGenerator<AccountWithIdentifiers[]> {
  if (scope !== 'all' && 'account' in scope) {
    const account = await view.accounts.find(scope.account)
    if (account) yield [account]
    return
  }
  for (let after: AccountId | null = null; ; ) {
    const page: AccountWithIdentifiers[] =
      scope === 'all'
        ? await view.accounts.list({ after, limit: rowsPerPage, state: null, role: null })
        : await view.accounts.listMembers(scope.organisation.id, { after, limit: rowsPerPage })
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (!last || page.length < rowsPerPage) return
    after = last.id
  }
}

interface Complete {
  account: AccountWithIdentifiers
  credentials: readonly Credential[]
  memberships: readonly Membership[]
}

/** With what belongs to the accounts of a page, which are in the order of their ids. */
async function complete(
  view: MovingTransaction,
  page: readonly AccountWithIdentifiers[],
): Promise<Complete[]> {
  const range = {
    from: (page[0] as AccountWithIdentifiers).id,
    to: (page.at(-1) as AccountWithIdentifiers).id,
  }
  const credentials = Map.groupBy(await view.credentials.listOfRange(range), ({ accountId }) => accountId)
  const memberships = Map.groupBy(await view.memberships.listOfRange(range), ({ accountId }) => accountId)
  return page.map((account) => ({
    account,
    credentials: credentials.get(account.id) ?? [],
    memberships: memberships.get(account.id) ?? [],
  }))
}

const timeOrNull = (time: number | null): string | null => (time === null ? null : toTimestamp(time))

function present(
  engine: MovingNeeds,
  { account, credentials, memberships }: Complete,
  names: { slugs: ReadonlyMap<OrganisationId, string>; connections: ReadonlyMap<string, string> },
): ExportedAccount {
  const { id, kind, state, role, name, locale, zone, createdAt, updatedAt, identifiers } = account
  return {
    ...{ id, kind, state, role, name, locale, zone },
    ...{ created_at: toTimestamp(createdAt), updated_at: toTimestamp(updatedAt) },
    identifiers: identifiers.map(({ kind, value, display, verifiedAt, suspendedAt, createdAt }) => ({
      ...{ kind, value, display, verified_at: timeOrNull(verifiedAt) },
      ...{ suspended_at: timeOrNull(suspendedAt), created_at: toTimestamp(createdAt) },
    })),
    credentials: credentials.map((credential) => presentCredential(engine, credential, names)),
    memberships: memberships.flatMap(
      ({ organisationId, roles, source, breakGlass, createdAt, updatedAt }) => {
        const organisation = names.slugs.get(organisationId)
        return organisation === undefined
          ? []
          : [
              {
                ...{ organisation, roles: [...roles], source, break_glass: breakGlass },
                ...{ created_at: toTimestamp(createdAt), updated_at: toTimestamp(updatedAt) },
              },
            ]
      },
    ),
  }
}

const ofOrganisation = /^(org_\w{26}) /

function presentCredential(
  engine: MovingNeeds,
  credential: Credential,
  { slugs, connections }: { slugs: ReadonlyMap<string, string>; connections: ReadonlyMap<string, string> },
): ExportedAccount['credentials'][number] {
  const { id, kind, lookup, name, data, createdAt, lastUsedAt, disabledAt, suspendedAt } = credential
  return {
    ...{ id, kind, name },
    // An identity of an organisation's directory begins with the organisation.
    lookup:
      lookup?.replace(ofOrganisation, (_, id: string) => `organisation:${slugs.get(id) ?? id} `) ?? null,
    data: toPortable(data, { id, sealing: engine.methods.sealing, connections }) as Record<string, never>,
    ...{ created_at: toTimestamp(createdAt), last_used_at: timeOrNull(lastUsedAt) },
    ...{ disabled_at: timeOrNull(disabledAt), suspended_at: timeOrNull(suspendedAt) },
  }
}

async function presentOrganisation(
  view: MovingTransaction,
  { id, slug, name, state, policy, brand, createdAt }: Organisation,
): Promise<ExportedOrganisation> {
  const domains = await view.organisationDomains.list(id)
  return {
    ...{ slug, name, state, policy: policy as Record<string, never>, brand: brand as never },
    created_at: toTimestamp(createdAt),
    domains: domains.map(({ domain, token, verifiedAt, createdAt }) => ({
      ...{ domain, token, verified_at: timeOrNull(verifiedAt), created_at: toTimestamp(createdAt) },
    })),
  }
}
