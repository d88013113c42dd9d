import { setImmediate as nextTurn } from 'node:timers/promises'
import { type AccountId, newImportId } from '../../domain/id.ts'
import { count, type ImportCounts, type ImportLine, noCounts } from '../../domain/import-report.ts'
import type { ImportRow } from '../../domain/imported-account.ts'
import { Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import type { ImportJob } from '../../store/queries/imports.ts'
import { openScratch } from '../../store/scratch.ts'
import { systemRequester } from '../request-context.ts'
import type { ImportRequest, MovingNeeds, MovingTransaction } from './needs.ts'
import { outlookOf } from './outlook.ts'
import { type PlannedRow, planBatch } from './plan-batch.ts'
import { createPreparation, type PreparedRow } from './prepare-account.ts'
import { createSeenNames } from './seen-names.ts'

const rowsPerBatchDefault = 500
const rowsPerTurn = 50
const triesMax = 5
/** How many kinds of hashes are measured; each costs one computation. */
const kindsMeasuredMax = 20

export interface ImportResult {
  /** Null of a dry run. */
  job: ImportJob | null
  /** How many rows an earlier run had dealt with. */
  resumedAt: number
  counts: ImportCounts
}

interface Watching {
  rowsPerBatch?: number
  /** Of each batch, in the order of the file. */
  report(lines: readonly ImportLine[]): Promise<void> | void
}

/** What an import would do, line by line; writes nothing. */
export async function rehearseImport(
  engine: MovingNeeds,
  request: ImportRequest,
  { report, rowsPerBatch = rowsPerBatchDefault }: Watching,
): Promise<ImportResult> {
  const [prepare, scratch, counts] = [createPreparation(engine, request), openScratch(), noCounts()]
  const seen = createSeenNames(scratch)
  const { policy } = request
  try {
    for await (const rows of preparedBatches(request.rows, { skip: 0, rowsPerBatch, prepare })) {
      const planned = await planBatch(engine.store, { ...request, rows, seen })
      if (policy)
        for (const one of planned)
          if (one.line.outcome === 'new')
            one.line.outlook = outlookOf(
              engine,
              { document: policy, organisation: request.organisation },
              one,
            )
      for (const { line } of planned) count(counts, line)
      await report(planned.map(({ line }) => line))
    }
    return { job: null, resumedAt: 0, counts }
  } finally {
    scratch.close()
  }
}

/**
 * Imports the rows of a file in transactions of some hundred, each of which also notes how far it has come:
 * an import that was killed continues there, and two of one file do nothing twice. Throws `conflict` if
 * another process has gone on with it.
 */
export async function runImport(
  engine: MovingNeeds,
  request: ImportRequest,
  { report, rowsPerBatch = rowsPerBatchDefault }: Watching,
): Promise<ImportResult> {
  const job = await openImportJob(engine, request)
  const prepare = createPreparation(engine, request)
  const kinds = new Map<string, string>()
  let { position, counts } = job
  const about = { skip: job.position, rowsPerBatch, prepare }
  for await (const rows of ahead(preparedBatches(request.rows, about))) {
    const written = await writeBatch(engine, { request, job, rows, position, counts })
    const { planned } = written
    counts = written.counts
    position += rows.length
    for (const { row } of planned)
      if (row.hash && kinds.size < kindsMeasuredMax) kinds.set(row.hash.label, row.hash.text)
    await report(planned.map(({ line }) => line))
  }
  await measureHashes(engine, kinds.values())
  await finish(engine, job, counts)
  return { job: { ...job, position, counts, state: 'done' }, resumedAt: job.position, counts }
}

/** Batches of rows after the first `skip`. */
async function* preparedBatches(
  rows: AsyncIterable<ImportRow>,
  given: { skip: number; rowsPerBatch: number; prepare(row: ImportRow): PreparedRow },
): AsyncGenerator<PreparedRow[]> {
  const { skip, rowsPerBatch, prepare } = given
  let batch: PreparedRow[] = []
  let place = 0
  for await (const row of rows) {
    if (place++ < skip) continue
    batch.push(prepare(row))
    // What the database answers meanwhile comes first.
    if (batch.length % rowsPerTurn === 0) await nextTurn()
    if (batch.length < rowsPerBatch) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The next one is made while the database writes the current one. */
async function* ahead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = source.next()
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = source.next()
      next.catch(() => undefined) // it is thrown above
      yield value
    }
  } finally {
    await source.return(undefined)
  }
}

/** The import of this file that is running, or a new one. */
export async function openImportJob(
  engine: MovingNeeds,
  { fingerprint, source, file, actor }: ImportRequest,
): Promise<ImportJob> {
  const now = engine.clock.now()
  const job: ImportJob = {
    ...{ id: newImportId(engine), source, file, fingerprint, actor },
    ...{ state: 'running', position: 0, counts: noCounts(), createdAt: now, updatedAt: now },
  }
  const running = await engine.store.imports.findRunning(fingerprint)
  if (running) return running
  const begin = engine.store.transaction(async (tx) => {
    await tx.imports.begin(job)
    const details = { import: job.id, source, file }
    await engine.audit.record(tx, { kind: 'import.begun', actor, subject: null, details })
    return job
  })
  return begin.catch(async (error) => {
    const other = error instanceof UniqueViolation && (await engine.store.imports.findRunning(fingerprint))
    if (!other) throw error
    return other
  })
}

interface Batch {
  request: ImportRequest
  job: ImportJob
  rows: readonly PreparedRow[]
  position: number
  counts: ImportCounts
}

interface Written {
  planned: PlannedRow[]
  /** Of all rows so far. */
  counts: ImportCounts
}

/** Plans and writes in one transaction; again where a name was taken in between. */
async function writeBatch(engine: MovingNeeds, batch: Batch): Promise<Written> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await engine.store.transaction((tx) => writeIn(engine, tx, batch))
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === triesMax) throw error
    }
  }
}

async function writeIn(engine: MovingNeeds, tx: MovingTransaction, batch: Batch): Promise<Written> {
  const { request, job, rows, position } = batch
  const planned = await planBatch(tx, {
    ...{ rows, joins: request.joins, seen: createSeenNames(new Map()) },
    lineOfAccount: (id) => lineOfAccount(tx, job, id),
  })
  const counts = structuredClone(batch.counts)
  for (const { line } of planned) count(counts, line)
  const written = planned.filter(({ line }) => line.outcome !== 'skipped')
  const made = written.filter(({ joins }) => joins === null)
  await tx.imports.insert({
    accounts: made.map(({ row, identifiers }) => ({ ...row.account, identifiers: [...identifiers] })),
    skeletons: new Map(
      made.flatMap(({ row }) =>
        [...row.names].map(([identifier, { skeleton }]) => [identifier, skeleton] as const),
      ),
    ),
    credentials: written.flatMap(({ credentials }) => credentials),
    memberships: made.flatMap(({ row }) => row.memberships),
    events: () => written.flatMap((one) => eventsOf(engine, request, job, one)),
  })
  if (made.some(({ row }) => row.account.role === 'operator'))
    await tx.tickets.withdraw({ purpose: 'first-operator', subject: null, now: engine.clock.now() })
  const moved = { id: job.id, from: position, to: position + rows.length, counts, now: engine.clock.now() }
  if (!(await tx.imports.advance(moved)))
    throw new Problem('conflict', { detail: 'Another process has gone on with this import' })
  return { planned, counts }
}

const eventsLookedAt = 50

/** What the audit log says of an account that this import has made, or added to. */
async function lineOfAccount(
  { events }: MovingTransaction,
  job: ImportJob,
  subject: AccountId,
): Promise<number | undefined> {
  const lines = await events.listFiltered({ subject, kind: null, before: null, limit: eventsLookedAt })
  const line = lines.find(({ details }) => details?.import === job.id)?.details?.line
  return typeof line === 'number' ? line : undefined
}

function eventsOf(engine: MovingNeeds, { actor }: ImportRequest, { id }: ImportJob, planned: PlannedRow) {
  const { row, line, joins, credentials } = planned
  const details = { import: id, line: line.line }
  if (joins !== null)
    return [
      engine.audit.draft({ kind: 'account.updated', actor, subject: joins, details }),
      ...credentials.map((credential) =>
        engine.audit.draft({
          ...{ kind: 'credential.added', actor, subject: joins },
          details: { ...details, credential: credential.id, method: credential.kind },
        }),
      ),
    ]
  const subject = row.account.id
  return [
    engine.audit.draft({
      kind: 'account.created',
      actor,
      subject,
      details: { ...details, role: row.account.role },
    }),
    ...row.memberships.map(({ organisationId, roles }) =>
      engine.audit.draft({
        ...{ kind: 'member.added', actor, subject },
        details: { ...details, organisation: organisationId, roles: roles.join(' '), source: 'operator' },
      }),
    ),
  ]
}

/** How long a wrong password takes with each kind of hash, so that every name takes as long. */
async function measureHashes(engine: MovingNeeds, hashes: Iterable<string>): Promise<void> {
  const method = engine.methods.list.find(({ imports }) => imports?.takes === 'password-hash')
  if (!method) return
  const requester = systemRequester(engine)
  const about = { method, account: undefined, credentials: [], requester, now: requester.now }
  for (const hash of hashes) await engine.methods.context(about).hashing.verify('', hash)
}

async function finish(engine: MovingNeeds, job: ImportJob, counts: ImportCounts): Promise<void> {
  const { rows, new: made, joined, skipped } = counts
  const details = { import: job.id, rows, new: made, joined, skipped }
  await engine.store.transaction(async (tx) => {
    if (await tx.imports.end({ id: job.id, state: 'done', now: engine.clock.now() }))
      await engine.audit.record(tx, { kind: 'import.finished', actor: job.actor, subject: null, details })
  })
}
