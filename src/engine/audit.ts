import { createHmac } from 'node:crypto'
import type { MasterKey } from '../crypto/master-key.ts'
import type { Clock } from '../domain/clock.ts'
import type { AuditEvent, ChainedEvent, EventKind } from '../domain/event.ts'
import { newEventId } from '../domain/id.ts'
import type { Random } from '../domain/random.ts'
import type { Aggregates, Store } from '../store/store.ts'

const saltBytes = 16
const linesPerSealMax = 500
const linesPerPage = 500

export interface NewEvent {
  kind: EventKind
  /** An account's id, or `system`, `cli`, `anonymous`. */
  actor: string
  subject: string | null
  outcome?: 'success' | 'failure'
  details?: AuditEvent['details']
}

export interface Verification {
  lines: number
  waiting: number
  /** The first line that does not fit, and why; null where the chain is whole. */
  fault: { seq: number; reason: 'missing' | 'changed' | 'details_changed' | 'details_missing' | 'end_missing' } | null
}

/**
 * The audit log as a chain: each line's code covers the line before it, under a key that is not in the database, so that a
 * changed, missing or reordered line is found. Lines are written within the transaction they tell of and chained in order
 * shortly after, so that nodes do not queue for the end of one chain.
 */
export interface AuditTrail {
  record(tx: Aggregates, event: NewEvent): Promise<void>
  /** Chains what is waiting. Returns how many lines. */
  seal(): Promise<number>
  verify(): Promise<Verification>
}

export function createAuditTrail(given: { store: Store; clock: Clock; random: Random; masterKey: MasterKey }): AuditTrail {
  const { store, clock, random } = given
  const key = given.masterKey.for('audit-chain')
  const code = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  // Details are covered by a salted code of their own, so that they can be forgotten while the chain still holds.
  const detailsCode = (salt: string, details: AuditEvent['details']): string => code(`details ${salt} ${JSON.stringify(details)}`)
  const chainCode = (previous: string, seq: number, line: ChainedEvent): string =>
    code(JSON.stringify([previous, seq, line.id, line.at, line.kind, line.actor, line.subject, line.outcome, line.detailsHash]))

  async function sealBatch(): Promise<number> {
    return store.transaction(async (tx) => {
      const head = await tx.events.lockHead()
      const lines = await tx.events.unsealed(linesPerSealMax)
      for (const line of lines) {
        head.seq += 1
        head.chain = chainCode(head.chain, head.seq, line)
        await tx.events.seal({ id: line.id, seq: head.seq, chain: head.chain })
      }
      if (lines.length > 0) await tx.events.moveHead(head)
      return lines.length
    })
  }

  return {
    async record(tx, { kind, actor, subject, outcome = 'success', details = {} }) {
      const detailsSalt = random.bytes(saltBytes).toString('base64url')
      const detailsHash = detailsCode(detailsSalt, details)
      const id = newEventId({ clock, random })
      await tx.events.insert({ id, at: clock.now(), kind, actor, subject, outcome, details, detailsSalt, detailsHash, seq: null, chain: null })
    },

    async seal() {
      if ((await store.events.countUnsealed()) === 0) return 0
      let sealed = 0
      for (let batch = linesPerSealMax; batch === linesPerSealMax; sealed += batch) batch = await sealBatch()
      return sealed
    },

    async verify() {
      const deleted = new Set<string>()
      const emptied: { seq: number; subject: string | null }[] = []
      let seq = 0
      let chain = ''
      const found = async (fault: Verification['fault']): Promise<Verification> => ({ lines: seq, waiting: await store.events.countUnsealed(), fault })
      for (;;) {
        const lines = await store.events.listSealed({ after: seq, limit: linesPerPage })
        for (const line of lines) {
          if (line.seq !== seq + 1) return found({ seq: seq + 1, reason: 'missing' })
          chain = chainCode(chain, line.seq, line)
          if (chain !== line.chain) return found({ seq: line.seq, reason: 'changed' })
          if (line.details === null) emptied.push({ seq: line.seq, subject: line.subject })
          else if (detailsCode(line.detailsSalt, line.details) !== line.detailsHash) return found({ seq: line.seq, reason: 'details_changed' })
          if (line.kind === 'account.deleted' && line.subject) deleted.add(line.subject)
          seq = line.seq
        }
        if (lines.length < linesPerPage) break
      }
      const unexplained = emptied.find((line) => line.subject === null || !deleted.has(line.subject))
      if (unexplained) return found({ seq: unexplained.seq, reason: 'details_missing' })
      const head = await store.transaction((tx) => tx.events.lockHead())
      return found(head.seq > seq ? { seq: seq + 1, reason: 'end_missing' } : null)
    },
  }
}
