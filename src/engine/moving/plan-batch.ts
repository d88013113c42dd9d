import type { AccountIdentifier } from '../../domain/account.ts'
import type { Credential } from '../../domain/credential.ts'
import type { AccountId } from '../../domain/id.ts'
import type { ImportLine } from '../../domain/import-report.ts'
import type { ImportSkip } from '../../domain/imported-account.ts'
import type { TakenName } from '../../store/queries/imports.ts'
import type { Some } from '../../store/store.ts'
import type { PreparedRow } from './prepare-account.ts'
import type { SeenNames } from './seen-names.ts'

/** What becomes of a prepared row. */
export interface PlannedRow {
  line: ImportLine
  row: PreparedRow
  /** Those of its identifiers and credentials that are written. */
  identifiers: readonly AccountIdentifier[]
  credentials: readonly Credential[]
  /** The account that they are added to; null for a new one. */
  joins: AccountId | null
}

type Tables = Some<'imports' | 'credentials'>

/** What the database has of a batch. */
interface Present {
  byName: ReadonlyMap<string, TakenName>
  byLook: ReadonlyMap<string, TakenName>
  lookups: ReadonlySet<string>
  ids: ReadonlySet<string>
}

interface Planning {
  rows: readonly PreparedRow[]
  seen: SeenNames
  joins: boolean
  /** The line of this file that an account came from; undefined for another account. */
  lineOfAccount?(id: AccountId): Promise<number | undefined>
}

/**
 * Decides what becomes of rows, in their order: by what the database has, and by what earlier rows of the
 * file have. A dry run and the import decide alike. Writes only to `seen`.
 */
export async function planBatch(
  store: Tables,
  { rows, seen, joins, lineOfAccount = async () => undefined }: Planning,
): Promise<PlannedRow[]> {
  const present = await findPresent(store, rows)
  const planned: PlannedRow[] = []
  for (const row of rows) {
    const { skip, owner } = await judge(row, { present, seen, joins, lineOfAccount })
    const made = skip ?? (owner ? await joined(store, row, owner) : fresh(row, { present, seen }))
    const plan = skip ? made : withoutTaken(made, { present, seen })
    if (plan.line.outcome !== 'skipped')
      seen.claim(row, plan.joins ? row.names.values() : namesOf(plan), plan.credentials)
    planned.push(plan)
  }
  return planned
}

async function findPresent({ imports }: Tables, rows: readonly PreparedRow[]): Promise<Present> {
  const open = rows.filter(({ skip }) => skip === null)
  const taken = await imports.findTaken(open.flatMap(({ names }) => [...names.values()]))
  const lookups = open.flatMap(({ account, credentials }) =>
    credentials.flatMap(({ kind, lookup }) =>
      lookup === null || lookup === account.id ? [] : [{ kind, lookup }],
    ),
  )
  const found = await imports.findLookups(lookups)
  return {
    byName: new Map(taken.map((one) => [`${one.kind} ${one.value}`, one])),
    byLook: new Map(taken.map((one) => [`${one.kind} ${one.skeleton}`, one])),
    ids: new Set(await imports.findIds(open.filter(({ isOwn }) => isOwn).map(({ account }) => account.id))),
    lookups: new Set(found.map(({ kind, lookup }) => `${kind} ${lookup}`)),
  }
}

/** Why it is skipped, or the account that it is added to; neither for a new one. */
async function judge(
  row: PreparedRow,
  { present, seen, joins, lineOfAccount }: Required<Omit<Planning, 'rows'>> & { present: Present },
): Promise<{ skip?: PlannedRow; owner?: AccountId }> {
  if (row.skip) return { skip: skipped(row, row.skip, null) }
  if (present.ids.has(row.account.id)) {
    const earlier = await lineOfAccount(row.account.id)
    return earlier === undefined
      ? { skip: skipped(row, 'identifier_taken', row.account.id) }
      : { skip: skipped(row, 'same_as_earlier_line', String(earlier)) }
  }
  const line = seen.lineWithName(row)
  if (line !== undefined) return { skip: skipped(row, 'same_as_earlier_line', String(line)) }
  for (const [identifier, { kind, value }] of row.names) {
    const owner = present.byName.get(`${kind} ${value}`)
    if (!owner) continue
    const earlier = await lineOfAccount(owner.accountId)
    if (earlier !== undefined) return { skip: skipped(row, 'same_as_earlier_line', String(earlier)) }
    const isSame = joins && kind === 'email' && identifier.verifiedAt !== null && owner.mayBeJoined
    return isSame ? { owner: owner.accountId } : { skip: skipped(row, 'identifier_taken', owner.accountId) }
  }
  return {}
}

/** A new account, without a username that looks like another. */
function fresh(row: PreparedRow, { present, seen }: { present: Present; seen: SeenNames }): PlannedRow {
  const kept = [...row.names].filter(
    ([, name]) =>
      name.skeleton === null ||
      !(present.byLook.has(`${name.kind} ${name.skeleton}`) || seen.looksAlike(name)),
  )
  const warnings =
    kept.length < row.names.size ? [...row.warnings, 'username_lookalike' as const] : row.warnings
  if (kept.length === 0 && row.names.size > 0) return skipped({ ...row, warnings }, 'no_identifier', null)
  return {
    ...{ row, credentials: row.credentials, joins: null },
    identifiers: kept.map(([identifier]) => identifier),
    line: { ...lineOf(row, 'new'), about: null, warnings },
  }
}

/** What an account that is there lacks. */
async function joined({ credentials }: Tables, row: PreparedRow, accountId: AccountId): Promise<PlannedRow> {
  const own = await credentials.listByAccount(accountId)
  const lacks = row.credentials
    // What an account has once is found by the account.
    .map((one) => ({ ...one, accountId, lookup: one.lookup === row.account.id ? accountId : one.lookup }))
    .filter(({ kind, lookup }) => !own.some((other) => other.kind === kind && other.lookup === lookup))
  return {
    ...{ row, identifiers: [], credentials: lacks, joins: accountId },
    line: { ...lineOf(row, 'joined'), about: accountId, warnings: row.warnings },
  }
}

/** Without identities that an account has already. */
function withoutTaken(
  planned: PlannedRow,
  { present, seen }: { present: Present; seen: SeenNames },
): PlannedRow {
  const credentials = planned.credentials.filter(
    (credential) =>
      !present.lookups.has(`${credential.kind} ${credential.lookup}`) && !seen.hasCredential(credential),
  )
  if (credentials.length === planned.credentials.length) return planned
  const warnings = [...planned.line.warnings, 'identity_taken' as const]
  return { ...planned, credentials, line: { ...planned.line, warnings } }
}

const namesOf = ({ row, identifiers }: PlannedRow) =>
  identifiers.flatMap((identifier) => row.names.get(identifier) ?? [])

const lineOf = ({ line, sourceId, shown, hashLabel }: PreparedRow, outcome: ImportLine['outcome']) => ({
  ...{ line, sourceId, identifier: shown, hash: hashLabel, outcome, reason: null },
})

const skipped = (row: PreparedRow, reason: ImportSkip, about: string | null): PlannedRow => ({
  ...{ row, identifiers: [], credentials: [], joins: null },
  line: { ...lineOf(row, 'skipped'), reason, about, warnings: row.warnings },
})
