import { createHmac } from 'node:crypto'
import type { MasterKey } from '../crypto/master-key.ts'
import type { AuditEvent, ChainedEvent } from '../domain/event.ts'
import type { Store } from '../store/store.ts'

const linesPerPage = 500

/** The codes of the chain, under a key that is not in the database. */
export interface ChainCodes {
  /** Covers the details alone, salted, so that they can be forgotten while the chain still holds. */
  details(salt: string, details: AuditEvent['details']): string
  /** Covers the line and, through `previous`, all that came before it. */
  line(previous: string, seq: number, line: ChainedEvent): string
}

export function createChainCodes(masterKey: MasterKey): ChainCodes {
  const key = masterKey.for('audit-chain')
  const code = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    details: (salt, details) => code(`details ${salt} ${JSON.stringify(details)}`),
    line: (previous, seq, { id, at, kind, actor, subject, outcome, detailsHash }) =>
      code(JSON.stringify([previous, seq, id, at, kind, actor, subject, outcome, detailsHash])),
  }
}

export type ChainFault = { seq: number; reason: 'missing' | 'changed' | 'details_changed' | 'details_missing' | 'end_missing' }

/** Walks the whole chain. The first line that does not fit, or null; and how many lines were good. */
export async function verifyChain(store: Store, codes: ChainCodes): Promise<{ lines: number; fault: ChainFault | null }> {
  const deleted = new Set<string>()
  const emptied: { seq: number; subject: string | null }[] = []
  let seq = 0
  let chain = ''
  for (let page: ChainedEvent[] = []; ; ) {
    page = await store.events.listSealed({ after: seq, limit: linesPerPage })
    for (const line of page) {
      const reason = lineFault({ line, seq: seq + 1, chain, codes })
      if (reason) return { lines: seq, fault: { seq: seq + 1, reason } }
      if (line.details === null) emptied.push({ seq: seq + 1, subject: line.subject })
      if (line.kind === 'account.deleted' && line.subject) deleted.add(line.subject)
      seq += 1
      chain = line.chain as string
    }
    if (page.length < linesPerPage) break
  }
  // Only the deletion of an account empties details, and that is written down itself.
  const unexplained = emptied.find(({ subject }) => subject === null || !deleted.has(subject))
  if (unexplained) return { lines: seq, fault: { seq: unexplained.seq, reason: 'details_missing' } }
  const head = await store.transaction((tx) => tx.events.lockHead())
  return { lines: seq, fault: head.seq > seq ? { seq: seq + 1, reason: 'end_missing' } : null }
}

function lineFault(given: { line: ChainedEvent; seq: number; chain: string; codes: ChainCodes }): ChainFault['reason'] | undefined {
  const { line, seq, chain, codes } = given
  if (line.seq !== seq) return 'missing'
  if (codes.line(chain, seq, line) !== line.chain) return 'changed'
  const intact = line.details === null || codes.details(line.detailsSalt, line.details) === line.detailsHash
  return intact ? undefined : 'details_changed'
}
