import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import type { ExportedAccount } from '../../domain/account-export.ts'
import type { Credential } from '../../domain/credential.ts'
import type { AccountId, CredentialId } from '../../domain/id.ts'
import {
  isShadow,
  type NormalIdentifier,
  normaliseIdentifier,
  type ReadingRules,
} from '../../domain/identifier.ts'
import type { ImportWarning } from '../../domain/imported-account.ts'
import { adminRole, type Membership } from '../../domain/organisation.ts'
import { schemaCheck } from '../../domain/schema-check.ts'
import type { ImportRequest, MovingNeeds } from './needs.ts'
import { fromPortable } from './portable-data.ts'

const timeOf = (text: string): number => Date.parse(text)
const timeOrNull = (text: string | null): number | null => (text === null ? null : timeOf(text))

export interface Restored {
  account: AccountWithIdentifiers
  names: ReadonlyMap<AccountIdentifier, NormalIdentifier>
  credentials: readonly Credential[]
  memberships: readonly Membership[]
  warnings: readonly ImportWarning[]
}

/** An account of an export as it was, with its id. Roles of operators only where that was asked for. */
export function createRestoration(engine: MovingNeeds, request: ImportRequest, rules: ReadingRules) {
  const checks = new Map(engine.methods.list.map(({ id, data }) => [id, schemaCheck(data)]))
  const connections = new Map([...request.connections].map(([slug, { id }]) => [slug, id as string]))

  function credentialOf(given: ExportedAccount['credentials'][number], accountId: AccountId) {
    const id = given.id as CredentialId
    const data = fromPortable(given.data, { id, sealing: engine.methods.sealing, connections })
    const lookup = lookupOf(given.lookup, request.organisations)
    if (lookup === undefined || !checks.get(given.kind)?.(data)) return undefined
    const credential: Credential = {
      ...{ id, accountId, kind: given.kind, lookup, name: given.name, data, revision: 1, failures: 0 },
      ...{ createdAt: timeOf(given.created_at), lastUsedAt: timeOrNull(given.last_used_at) },
      ...{ disabledAt: timeOrNull(given.disabled_at), suspendedAt: timeOrNull(given.suspended_at) },
    }
    return credential
  }

  return (own: ExportedAccount): Restored => {
    const id = own.id as AccountId
    const names = namesOf(own, rules)
    const credentials = own.credentials.map((one) => credentialOf(one, id))
    const memberships = own.memberships.map((one) => membershipOf(one, id, request.organisations))
    const hasRole = own.role !== 'member' && !request.keepsRoles
    const isWhole = (list: readonly unknown[]): boolean => list.every((one) => one !== undefined)
    return {
      account: {
        ...{ id, kind: own.kind, state: own.state, name: own.name, locale: own.locale, zone: own.zone },
        ...{ role: hasRole ? 'member' : own.role, revision: 1 },
        ...{ createdAt: timeOf(own.created_at), updatedAt: timeOf(own.updated_at) },
        identifiers: [...names.keys()],
      },
      names,
      credentials: credentials.filter((one) => one !== undefined),
      memberships: memberships.filter((one) => one !== undefined),
      warnings: [
        ...(hasRole ? (['was_administrator'] as const) : []),
        ...(names.size < own.identifiers.length ? (['identifier_malformed'] as const) : []),
        ...(isWhole(credentials) ? [] : (['credential_left_out'] as const)),
        ...(isWhole(memberships) ? [] : (['groups_left_out'] as const)),
      ],
    }
  }
}

/** Those whose normal form is what is said, or an address that another account had (`shadowOf`). */
function namesOf(own: ExportedAccount, rules: ReadingRules): Map<AccountIdentifier, NormalIdentifier> {
  const names = new Map<AccountIdentifier, NormalIdentifier>()
  for (const { kind, value, display, ...times } of own.identifiers) {
    const read = normaliseIdentifier(
      kind,
      isShadow({ value }) ? value.slice(value.indexOf(' ') + 1) : display,
      {
        ...rules,
        localHosts: true,
      },
    )
    if (!read.ok || (!isShadow({ value }) && read.identifier.value !== value)) continue
    const row: AccountIdentifier = {
      ...{ accountId: own.id as AccountId, kind, value, display },
      ...{ verifiedAt: timeOrNull(times.verified_at), suspendedAt: timeOrNull(times.suspended_at) },
      createdAt: timeOf(times.created_at),
    }
    names.set(row, { ...read.identifier, value })
  }
  return names
}

const ofOrganisation = /^organisation:(\S+) /

/** Undefined where its organisation is not there. */
function lookupOf(
  lookup: string | null,
  organisations: ImportRequest['organisations'],
): string | null | undefined {
  const [prefix, slug] = ofOrganisation.exec(lookup ?? '') ?? []
  if (prefix === undefined || lookup === null) return lookup
  const id = organisations.get(slug as string)
  return id && `${id} ${lookup.slice(prefix.length)}`
}

function membershipOf(
  { organisation, roles, source, ...given }: ExportedAccount['memberships'][number],
  accountId: AccountId,
  organisations: ImportRequest['organisations'],
): Membership | undefined {
  const organisationId = organisations.get(organisation)
  return (
    organisationId && {
      ...{ organisationId, accountId, roles, isAdmin: roles.includes(adminRole), source },
      ...{ breakGlass: given.break_glass },
      ...{ createdAt: timeOf(given.created_at), updatedAt: timeOf(given.updated_at) },
    }
  )
}
