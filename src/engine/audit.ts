import type { MasterKey } from '../crypto/master-key.ts'
import type { Clock } from '../domain/clock.ts'
import type { AuditEvent, EventKind } from '../domain/event.ts'
import { newEventId } from '../domain/id.ts'
import type { Random } from '../domain/random.ts'
import type { Aggregates, Store } from '../store/store.ts'
import { type ChainFault, createChainCodes, verifyChain } from './audit-chain.ts'

const saltBytes = 16
const linesPerSealMax = 500

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
  /** Written and not yet chained. */
  waiting: number
  /** The first line that does not fit; null where the chain is whole. */
  fault: ChainFault | null
}

/**
 * The audit log as a chain: each line's code covers the line before it, so that a changed, missing or reordered line is
 * found. Lines are written within the transaction they tell of and chained in order shortly after, so that nodes do not
 * queue for the end of one chain.
 */
export interface AuditTrail {
  record(tx: Aggregates, event: NewEvent): Promise<void>
  /** Chains what is waiting. Returns how many lines. */
  seal(): Promise<number>
  verify(): Promise<Verification>
}

export function createAuditTrail(given: { store: Store; clock: Clock; random: Random; masterKey: MasterKey }): AuditTrail {
  const { store, clock, random } = given
  const codes = createChainCodes(given.masterKey)

  async function sealBatch(): Promise<number> {
    return store.transaction(async (tx) => {
      const head = await tx.events.lockHead()
      const lines = await tx.events.unsealed(linesPerSealMax)
      for (const line of lines) {
        head.seq += 1
        head.chain = codes.line(head.chain, head.seq, line)
        await tx.events.seal({ id: line.id, seq: head.seq, chain: head.chain })
      }
      if (lines.length > 0) await tx.events.moveHead(head)
      return lines.length
    })
  }

  return {
    async record(tx, { kind, actor, subject, outcome = 'success', details = {} }) {
      const detailsSalt = random.bytes(saltBytes).toString('base64url')
      const detailsHash = codes.details(detailsSalt, details)
      const id = newEventId({ clock, random })
      await tx.events.insert({
        id,
        at: clock.now(),
        kind,
        actor,
        subject,
        outcome,
        details,
        detailsSalt,
        detailsHash,
        seq: null,
        chain: null,
      })
    },

    async seal() {
      if ((await store.events.countUnsealed()) === 0) return 0
      let sealed = 0
      for (let batch = linesPerSealMax; batch === linesPerSealMax; sealed += batch) batch = await sealBatch()
      return sealed
    },

    async verify() {
      const { lines, fault } = await verifyChain(store, codes)
      return { lines, waiting: await store.events.countUnsealed(), fault }
    },
  }
}
