import { describeHash } from '../../crypto/password-hash/describe-hash.ts'
import {
  type AccountIdentifier,
  type AccountWithIdentifiers,
  fittingName,
  newAccountDefaults,
} from '../../domain/account.ts'
import { askedHash } from '../../domain/asked-hash.ts'
import type { Connection } from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import { type AccountId, newAccountId, newCredentialId } from '../../domain/id.ts'
import { type NormalIdentifier, normaliseIdentifier, type ReadingRules } from '../../domain/identifier.ts'
import type {
  ImportableCredential,
  ImportedAccount,
  ImportedCredential,
  ImportRow,
  ImportSkip,
  ImportWarning,
} from '../../domain/imported-account.ts'
import { localeOfTag } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { adminRole, type Membership, rolePattern, rolesMax } from '../../domain/organisation.ts'
import { readingRules } from '../accounts/reading-rules.ts'
import { stamped } from '../credentials/enrol.ts'
import { type Requester, systemRequester } from '../request-context.ts'
import type { ImportRequest, MovingNeeds } from './needs.ts'
import { createRestoration, type Restored } from './restore-account.ts'

const sourceIdLengthMax = 200
const shownLengthMax = 320
const isRole = new RegExp(rolePattern)
const malformed = {
  email: 'email_malformed',
  username: 'username_malformed',
  phone: 'phone_malformed',
} as const satisfies Record<string, ImportWarning>

/** A row as it would be written, whatever the database has. */
export interface PreparedRow {
  line: number
  sourceId: string | null
  /** The first identifier, as it was written. */
  shown: string | null
  skip: ImportSkip | null
  account: AccountWithIdentifiers
  names: ReadonlyMap<AccountIdentifier, NormalIdentifier>
  credentials: readonly Credential[]
  memberships: readonly Membership[]
  warnings: readonly ImportWarning[]
  /** Of a password that can be verified; `text` only to measure its cost. */
  hash: { label: string; text: string } | null
  hashLabel: string | null
  /** It keeps the id that it had. */
  isOwn: boolean
}

/** Prepares rows, without a look at the database. */
export function createPreparation(engine: MovingNeeds, request: ImportRequest) {
  const requester = systemRequester(engine)
  const rules = readingRules(engine, requester.locale)
  const restore = createRestoration(engine, request, rules)

  return (row: ImportRow): PreparedRow => {
    const now = engine.clock.now()
    const read = 'account' in row ? row.account : skippedAccount(row.sourceId)
    const given = request.asksOldSystem && !read.own ? askedThere(read) : read
    if (given.own) return restoredRow(row.line, restore(given.own), given)
    const id = newAccountId(engine)
    const { names, warnings: faults } = readNames(given, { id, now, rules })
    const account: AccountWithIdentifiers = {
      ...{
        ...newAccountDefaults,
        id,
        name: given.name && fittingName(given.name),
        locale: localeOfTag(given.locale ?? '') ?? 'en',
      },
      state: given.isDisabled ? 'disabled' : 'active',
      ...{ createdAt: Math.min(given.createdAt ?? now, now), updatedAt: now },
      identifiers: [...names.keys()],
    }
    const made = makeCredentials(engine, request, { given, account, requester: { ...requester, now } })
    const { organisation } = request
    const leavesGroups = given.groups.length > 0 && organisation === null
    const warnings: ImportWarning[] = leavesGroups ? ['groups_left_out'] : []
    return {
      ...{ line: row.line, sourceId: given.sourceId?.slice(0, sourceIdLengthMax) ?? null },
      shown: given.identifiers[0]?.text.slice(0, shownLengthMax) ?? null,
      skip: 'skip' in row ? row.skip : names.size === 0 ? 'no_identifier' : null,
      ...{ account, names, credentials: made.credentials },
      memberships: organisation ? [membershipOf(organisation.id, account, given.groups)] : [],
      warnings: [...new Set([...given.warnings, ...faults, ...made.warnings, ...warnings])],
      ...hashIn(given),
      isOwn: false,
    }
  }
}

/** Without a password of its own, the account has the one that the other system knows. */
function askedThere(given: ImportedAccount): ImportedAccount {
  const { credentials, identifiers, sourceId, warnings } = given
  const [first] = identifiers
  if (!first || credentials.some(({ type }) => type === 'password-hash')) return given
  const hash = askedHash({ id: sourceId, name: first.text })
  return {
    ...given,
    credentials: [...credentials, { type: 'password-hash', hash, secret: null, isAsked: true }],
    warnings: warnings.filter((warning) => warning !== 'password_elsewhere'),
  }
}

const skippedAccount = (sourceId: string | null): ImportedAccount => ({
  ...{ sourceId, identifiers: [], name: null, locale: null, isDisabled: false, createdAt: null },
  ...{ credentials: [], groups: [], warnings: [], own: null },
})

/** An account of our own may have no name at all, as services have. */
const restoredRow = (line: number, restored: Restored, given: ImportedAccount): PreparedRow => ({
  ...{ line, sourceId: given.sourceId, shown: given.identifiers[0]?.text ?? null, skip: null },
  ...restored,
  ...{ hash: null, hashLabel: null, isOwn: true },
})

function readNames(
  { identifiers }: ImportedAccount,
  { id, now, rules }: { id: AccountId; now: number; rules: ReadingRules },
): { names: Map<AccountIdentifier, NormalIdentifier>; warnings: ImportWarning[] } {
  const names = new Map<AccountIdentifier, NormalIdentifier>()
  const warnings: ImportWarning[] = []
  for (const { kind, text, isVerified } of identifiers) {
    const read = normaliseIdentifier(kind, text, rules)
    if (!read.ok) {
      warnings.push(malformed[kind])
      continue
    }
    const { value, display } = read.identifier
    const verifiedAt = isVerified ? now : null
    names.set(
      { accountId: id, kind, value, display, verifiedAt, suspendedAt: null, createdAt: now },
      read.identifier,
    )
  }
  return { names, warnings }
}

function makeCredentials(
  engine: MovingNeeds,
  { connections }: ImportRequest,
  about: { given: ImportedAccount; account: AccountWithIdentifiers; requester: Requester },
): { credentials: Credential[]; warnings: ImportWarning[] } {
  const { given, account, requester } = about
  const credentials: Credential[] = []
  const warnings: ImportWarning[] = []
  const email = account.identifiers.find(({ kind }) => kind === 'email')?.value ?? null
  for (const one of given.credentials) {
    const wanted = one.type === 'identity' ? identityBy(connections, one, email) : one
    const method = wanted && methodFor(engine, wanted)
    if (!wanted || !method?.imports) {
      warnings.push('identity_without_connection')
      continue
    }
    const credentialId = newCredentialId(engine)
    const made = method.imports.make({ credentialId, sealing: engine.methods.sealing, describeHash }, wanted)
    if (typeof made === 'string') warnings.push(made)
    else if (method.enrol?.holds !== 'one' || !credentials.some(({ kind }) => kind === method.id))
      credentials.push(stamped({ method, account, requester, credentialId, made }))
  }
  return { credentials, warnings }
}

const methodFor = (engine: MovingNeeds, wanted: ImportableCredential): MethodDefinition | undefined =>
  engine.methods.list.find(({ id, imports }) =>
    wanted.type === 'identity' ? id === wanted.connection.kind : imports?.takes === wanted.type,
  )

/** The identity, where a connection stands for the provider. */
function identityBy(
  connections: ImportRequest['connections'],
  { provider, issuer: said, subject }: Extract<ImportedCredential, { type: 'identity' }>,
  email: string | null,
): ImportableCredential | undefined {
  const connection = connections.get(provider.toLowerCase())
  const issuer = connection && issuerOf(connection)
  const fits =
    issuer !== undefined &&
    (said === null || said === issuer) &&
    subject.length <= 255 &&
    !/\p{Cc}/u.test(subject)
  return connection && fits ? { type: 'identity', connection, issuer, subject, email } : undefined
}

/** What identifies users at its provider; undefined where it does so only after a first sign-in. */
function issuerOf({ settings }: Connection): string | undefined {
  const issuer = settings.issuer ?? settings.entity_id
  return typeof issuer === 'string' && !issuer.includes('{') ? issuer : undefined
}

/** Groups by the names that roles may have. No group makes its members administrators of the organisation. */
function membershipOf(
  organisationId: Membership['organisationId'],
  account: AccountWithIdentifiers,
  groups: readonly string[],
): Membership {
  const roles = [
    ...new Set(
      groups.map((group) =>
        group
          .trim()
          .toLowerCase()
          .replaceAll(/[^a-z0-9_.-]+/g, '-'),
      ),
    ),
  ].filter((role) => isRole.test(role) && role !== adminRole)
  return {
    ...{ organisationId, accountId: account.id, roles: roles.slice(0, rolesMax), isAdmin: false },
    ...{ source: 'operator', breakGlass: false, createdAt: account.updatedAt, updatedAt: account.updatedAt },
  }
}

function hashIn(given: ImportedAccount): Pick<PreparedRow, 'hash' | 'hashLabel'> {
  const password = given.credentials.find(({ type }) => type === 'password-hash')
  if (password?.type !== 'password-hash') return { hash: null, hashLabel: null }
  // To verify one to see how long it takes would ask the other system.
  if (password.isAsked) return { hash: null, hashLabel: 'asked for at the first sign-in' }
  const { label, fault } = describeHash(password.hash)
  return { hash: fault ? null : { label, text: password.hash }, hashLabel: label }
}
