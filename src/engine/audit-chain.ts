import { createHmac } from 'node:crypto'
import type { MasterKey } from '../crypto/master-key.ts'
import type { AuditEvent, ChainedEvent } from '../domain/event.ts'
import type { Store } from '../store/store.ts'

const linesPerPage = 500

/** The codes of the chain, under a key that is not in the database. */
export interface ChainCodes {
  /** Covers the details alone, salted, so that they can be forgotten while the chain still holds. */
  details(salt: string, details: AuditEvent['details']): string
  /** Covers the line from the moment it is written, so that nobody can change or invent one before it is chained. */
  written(line: Omit<ChainedEvent, 'mac' | 'seq' | 'chain'>): string
  /** Covers the line and, through `previous`, all that came before it. */
  line(previous: string, seq: number, line: ChainedEvent): string
}

export function createChainCodes(masterKey: MasterKey): ChainCodes {
  const key = masterKey.for('audit-chain')
  const code = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    details: (salt, details) => code(`details ${salt} ${JSON.stringify(details)}`),
    written: ({ id, at, kind, actor, subject, outcome, detailsHash }) =>
      code(JSON.stringify(['written', id, at, kind, actor, subject, outcome, detailsHash])),
    line: (previous, seq, { id, at, kind, actor, subject, outcome, detailsHash }) =>
      code(JSON.stringify([previous, seq, id, at, kind, actor, subject, outcome, detailsHash])),
  }
}

export interface ChainFault {
  seq: number
  /** `invented`: not written by this server, or changed before it was chained. `rewritten`: not what was noted outside the database. */
  reason: 'missing' | 'changed' | 'invented' | 'rewritten' | 'details_changed' | 'details_missing' | 'end_missing'
}

/** Where the chain ended at some moment. */
export interface ChainHead {
  seq: number
  chain: string
}

/**
 * Walks the whole chain, and what is not chained yet. `anchor`: where it ended when that was last noted outside the database. The first line
 * that does not fit, or null; and how many lines were good.
 */
export async function verifyChain(
  store: Store,
  codes: ChainCodes,
  anchor: ChainHead | undefined,
): Promise<{ lines: number; fault: ChainFault | null }> {
  const deleted = new Set<string>()
  const emptied: { seq: number; subject: string | null }[] = []
  const isOurs = createOriginCheck(codes)
  let seq = 0
  let chain = ''
  for (let page: ChainedEvent[] = []; ; ) {
    page = await store.events.listSealed({ after: seq, limit: linesPerPage })
    for (const line of page) {
      const reason = lineFault({ line, seq: seq + 1, chain, codes }) ?? (isOurs(line) ? undefined : 'invented')
      if (reason) return { lines: seq, fault: { seq: seq + 1, reason } }
      if (line.details === null) emptied.push({ seq: seq + 1, subject: line.subject })
      if (line.kind === 'account.deleted' && line.subject) deleted.add(line.subject)
      seq += 1
      chain = line.chain as string
      if (seq === anchor?.seq && chain !== anchor.chain) return { lines: seq - 1, fault: { seq, reason: 'rewritten' } }
    }
    if (page.length < linesPerPage) break
  }
  // Only the deletion of an account empties details, and that is written down itself.
  const unexplained = emptied.find(({ subject }) => subject === null || !deleted.has(subject))
  if (unexplained) return { lines: seq, fault: { seq: unexplained.seq, reason: 'details_missing' } }
  const head = await store.transaction((tx) => tx.events.lockHead())
  if (Math.max(head.seq, anchor?.seq ?? 0) > seq) return { lines: seq, fault: { seq: seq + 1, reason: 'end_missing' } }
  const waiting = await store.events.unsealed(linesPerPage)
  return { lines: seq, fault: waiting.every(isOurs) ? null : { seq: seq + 1, reason: 'invented' } }
}

/** From the first line with a code of its own on, all have one: before, there was none. */
function createOriginCheck(codes: ChainCodes): (line: ChainedEvent) => boolean {
  let hasBegun = false
  return (line) => {
    hasBegun ||= line.mac !== null
    return !hasBegun || line.mac === codes.written(line)
  }
}

function lineFault(given: { line: ChainedEvent; seq: number; chain: string; codes: ChainCodes }): ChainFault['reason'] | undefined {
  const { line, seq, chain, codes } = given
  if (line.seq !== seq) return 'missing'
  if (codes.line(chain, seq, line) !== line.chain) return 'changed'
  const intact = line.details === null || codes.details(line.detailsSalt, line.details) === line.detailsHash
  return intact ? undefined : 'details_changed'
}
