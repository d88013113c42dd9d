import { createHmac } from 'node:crypto'
import { equalSecrets } from '../../crypto/equal.ts'
import type { MasterKey } from '../../crypto/master-key.ts'
import type { AuditEvent, ChainedEvent } from '../../domain/event.ts'
import type { Some, StoreOf } from '../../store/store.ts'

const linesPerPage = 500

/** The MACs of the chain, under a key that is not in the database. */
export interface ChainCodes {
  /** Covers the details alone, salted, so that they can be deleted without breaking the chain. */
  details(salt: string, details: AuditEvent['details']): string
  /** Covers the line as soon as it is written, so that none is changed or invented before it is chained. */
  written(line: Omit<ChainedEvent, 'mac' | 'seq' | 'chain'>): string
  /** Covers the line and, through `previous`, all that came before it. */
  line(previous: string, seq: number, line: ChainedEvent): string
  /** Covers the start of the chain after it was trimmed, so that its beginning cannot be cut off. */
  start(start: ChainHead): string
}

export function createChainCodes(masterKey: MasterKey): ChainCodes {
  const key = masterKey.for('audit-chain')
  const code = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    details: (salt, details) => code(`details ${salt} ${JSON.stringify(details)}`),
    written: ({ id, at, kind, actor, subject, outcome, detailsHash }) =>
      code(JSON.stringify(['written', id, at, kind, actor, subject, outcome, detailsHash])),
    start: ({ seq, chain }) => code(JSON.stringify(['start', seq, chain])),
    line: (previous, seq, { id, at, kind, actor, subject, outcome, detailsHash }) =>
      code(JSON.stringify([previous, seq, id, at, kind, actor, subject, outcome, detailsHash])),
  }
}

export interface ChainFault {
  seq: number
  /**
   * `invented`: not written by this server, or changed before it was chained. `rewritten`: not what was noted
   * outside the database.
   */
  reason:
    | 'missing'
    | 'changed'
    | 'start_forged'
    | 'invented'
    | 'rewritten'
    | 'details_changed'
    | 'details_missing'
    | 'end_missing'
}

/** Where the chain ended at some moment. */
export interface ChainHead {
  seq: number
  chain: string
}

/**
 * Verifies the whole chain and the pending lines. `anchor`: the head last recorded outside the database.
 * Returns the first line that does not verify, or null, and how many did.
 */
export async function verifyChain(
  store: StoreOf<'events' | 'installation'>,
  codes: ChainCodes,
  anchor: ChainHead | undefined,
): Promise<{ lines: number; fault: ChainFault | null }> {
  const start = await readStart(store, codes)
  if (!start) return { lines: 0, fault: { seq: 1, reason: 'start_forged' } }
  const verified = await verifyFrom(start, { store, codes, anchor })
  // Old lines may have been trimmed meanwhile.
  const isMoved = verified.fault !== null && (await readStart(store, codes))?.seq !== start.seq
  return isMoved ? verifyChain(store, codes, anchor) : verified
}

async function verifyFrom(
  start: ChainHead,
  {
    store,
    codes,
    anchor,
  }: { store: StoreOf<'events' | 'installation'>; codes: ChainCodes; anchor: ChainHead | undefined },
): Promise<{ lines: number; fault: ChainFault | null }> {
  const deleted = new Set<string>()
  const emptied: { seq: number; subject: string | null }[] = []
  const isOurs = createOriginCheck(codes)
  let { seq, chain } = start
  for (let page: ChainedEvent[] = []; ; ) {
    page = await store.events.listSealed({ after: seq, limit: linesPerPage })
    for (const line of page) {
      const reason =
        lineFault({ line, seq: seq + 1, chain, codes }) ?? (isOurs(line) ? undefined : 'invented')
      if (reason) return { lines: seq, fault: { seq: seq + 1, reason } }
      if (line.details === null) emptied.push({ seq: seq + 1, subject: line.subject })
      if (line.kind === 'account.deleted' && line.subject) deleted.add(line.subject)
      seq += 1
      chain = line.chain as string
      if (seq === anchor?.seq && chain !== anchor.chain)
        return { lines: seq - 1, fault: { seq, reason: 'rewritten' } }
    }
    if (page.length < linesPerPage) break
  }
  // Details are deleted only with their account, which is recorded as well.
  const unexplained = emptied.find(({ subject }) => subject === null || !deleted.has(subject))
  if (unexplained) return { lines: seq, fault: { seq: unexplained.seq, reason: 'details_missing' } }
  const head = await store.transaction((tx) => tx.events.lockHead())
  if (Math.max(head.seq, anchor?.seq ?? 0) > seq)
    return { lines: seq, fault: { seq: seq + 1, reason: 'end_missing' } }
  const waiting = await store.events.unsealed(linesPerPage)
  return { lines: seq, fault: waiting.every(isOurs) ? null : { seq: seq + 1, reason: 'invented' } }
}

export const startFact = 'audit-start'

/** The MAC before the first kept line. Undefined if the stored value was not written by this server. */
export async function readStart(
  { installation }: Some<'installation'>,
  codes: ChainCodes,
): Promise<ChainHead | undefined> {
  const text = await installation.find(startFact)
  if (text === undefined) return { seq: 0, chain: '' }
  const { seq, chain, code } = JSON.parse(text) as ChainHead & { code: string }
  return equalSecrets(code, codes.start({ seq, chain })) ? { seq, chain } : undefined
}

/**
 * Deletes the oldest lines, up to a limit; the new start of the chain is recorded in the same transaction.
 */
export function trimChain(
  store: StoreOf<'events' | 'installation'>,
  codes: ChainCodes,
  { before, rows }: { before: number; rows: number },
): Promise<number> {
  return store.transaction(async (tx) => {
    await tx.events.lockHead() // one node at a time
    const start = await readStart(tx, codes)
    if (!start) return 0
    const page = await tx.events.listSealed({ after: start.seq, limit: rows })
    const young = page.findIndex(({ at }) => at >= before)
    const old = young === -1 ? page : page.slice(0, young)
    const last = old.at(-1)
    if (!last) return 0
    const head = { seq: last.seq as number, chain: last.chain as string }
    await tx.installation.put(startFact, JSON.stringify({ ...head, code: codes.start(head) }))
    return tx.events.trim(head)
  })
}

/** From the first line with a code of its own on, all have one: before, there was none. */
function createOriginCheck(codes: ChainCodes): (line: ChainedEvent) => boolean {
  let hasBegun = false
  return (line) => {
    hasBegun ||= line.mac !== null
    return !hasBegun || line.mac === codes.written(line)
  }
}

function lineFault(given: {
  line: ChainedEvent
  seq: number
  chain: string
  codes: ChainCodes
}): ChainFault['reason'] | undefined {
  const { line, seq, chain, codes } = given
  if (line.seq !== seq) return 'missing'
  if (codes.line(chain, seq, line) !== line.chain) return 'changed'
  const intact = line.details === null || codes.details(line.detailsSalt, line.details) === line.detailsHash
  return intact ? undefined : 'details_changed'
}
